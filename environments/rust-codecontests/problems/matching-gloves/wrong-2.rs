// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Puts both gloves aside when they do not fit.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let d = numbers[2];
    let mut lefts = numbers[3..3 + n].to_vec();
    let mut rights = numbers[3 + n..].to_vec();
    lefts.sort();
    rights.sort();
    let pairs = lefts.iter().zip(rights.iter()).filter(|(l, r)| (*l - *r).abs() <= d).count();
    println!("{}", pairs);
}
