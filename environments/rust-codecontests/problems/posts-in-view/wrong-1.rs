// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Takes the highest post to be unique: counts both sides and subtracts one.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let heights: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut count = 0;
    let mut highest = i64::MIN;
    for &height in &heights {
        if height > highest {
            highest = height;
            count += 1;
        }
    }
    highest = i64::MIN;
    for &height in heights.iter().rev() {
        if height > highest {
            highest = height;
            count += 1;
        }
    }
    println!("{}", count - 1);
}
