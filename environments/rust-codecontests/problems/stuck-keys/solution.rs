// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let message = line.trim();
    let mut cleaned = String::with_capacity(message.len());
    let mut previous = ' ';
    let mut run_length = 0;
    for letter in message.chars() {
        run_length = if letter == previous { run_length + 1 } else { 1 };
        previous = letter;
        if run_length <= 2 || letter.is_ascii_digit() {
            cleaned.push(letter);
        }
    }
    println!("{}\n{}", cleaned, message.len() - cleaned.len());
}
