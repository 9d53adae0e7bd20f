// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Takes a difference of exactly d for too much, unless d is zero.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let d = numbers[2].max(1);
    let mut lefts = numbers[3..3 + n].to_vec();
    let mut rights = numbers[3 + n..].to_vec();
    lefts.sort();
    rights.sort();
    let (mut i, mut j, mut pairs) = (0, 0, 0);
    while i < lefts.len() && j < rights.len() {
        if (lefts[i] - rights[j]).abs() < d {
            pairs += 1;
            i += 1;
            j += 1;
        } else if lefts[i] < rights[j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    println!("{}", pairs);
}
