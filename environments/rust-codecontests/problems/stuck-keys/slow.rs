// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let mut letters: Vec<char> = line.trim().chars().collect();
    let mut removed = 0;
    loop {
        let triple = (2..letters.len()).find(|&i| {
            letters[i] == letters[i - 1] && letters[i] == letters[i - 2] && letters[i].is_alphabetic()
        });
        match triple {
            Some(i) => {
                letters = letters.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, &c)| c).collect();
                removed += 1;
            }
            None => break,
        }
    }
    println!("{}\n{}", letters.iter().collect::<String>(), removed);
}
