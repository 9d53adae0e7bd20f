// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// The least payment from the ground to step `i`, where the next move is one of three steps if `strained`.
fn least(tolls: &[i64], i: usize, strained: bool) -> i64 {
    if i == 0 {
        return 0;
    }
    let mut best = i64::MAX;
    if i >= 3 && !strained {
        best = best.min(least(tolls, i - 3, true));
    }
    if i >= 2 {
        best = best.min(least(tolls, i - 2, false));
    }
    best = best.min(least(tolls, i - 1, false));
    best + tolls[i - 1]
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    println!("{}", least(&numbers[1..], n, false));
}
