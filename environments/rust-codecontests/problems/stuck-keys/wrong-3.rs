// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Strikes out only one character of every row.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let letters: Vec<char> = line.trim().chars().collect();
    let mut cleaned = String::new();
    let mut i = 0;
    while i < letters.len() {
        let c = letters[i];
        cleaned.push(c);
        if c.is_ascii_alphabetic() && i + 2 < letters.len() && letters[i + 1] == c && letters[i + 2] == c {
            cleaned.push(c);
            i += 3;
        } else {
            i += 1;
        }
    }
    println!("{}\n{}", cleaned, letters.len() - cleaned.len());
}
