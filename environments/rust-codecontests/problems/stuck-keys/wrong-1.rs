// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Looks at the two characters before in the message, and strikes out digits as well.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let letters: Vec<char> = line.trim().chars().collect();
    let mut cleaned = String::new();
    for i in 0..letters.len() {
        if i >= 2 && letters[i] == letters[i - 1] && letters[i] == letters[i - 2] {
            continue;
        }
        cleaned.push(letters[i]);
    }
    println!("{}\n{}", cleaned, letters.len() - cleaned.len());
}
