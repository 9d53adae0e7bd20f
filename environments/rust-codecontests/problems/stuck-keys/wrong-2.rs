// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Treats upper and lower case as the same letter.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let message = line.trim();
    let mut cleaned = String::new();
    let mut previous = ' ';
    let mut run = 0;
    for letter in message.chars() {
        if letter.to_ascii_lowercase() == previous {
            run += 1;
        } else {
            run = 1;
            previous = letter.to_ascii_lowercase();
        }
        if run <= 2 || letter.is_ascii_digit() {
            cleaned.push(letter);
        }
    }
    println!("{}\n{}", cleaned, message.len() - cleaned.len());
}
