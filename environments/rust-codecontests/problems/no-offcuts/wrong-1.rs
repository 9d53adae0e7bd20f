// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Tries prime piece lengths only, which reaches the total but not always the largest length.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut sums = vec![0u64; 1_000_001];
    for word in text.split_ascii_whitespace().skip(1) {
        let a: usize = word.parse().unwrap();
        sums[a] += a as u64;
    }
    let mut composite = vec![false; 1_000_001];
    let mut best = (0, 0);
    for d in 2..=1_000_000usize {
        if composite[d] {
            continue;
        }
        let mut total = 0;
        for multiple in (d..=1_000_000).step_by(d) {
            if multiple > d {
                composite[multiple] = true;
            }
            total += sums[multiple];
        }
        if total > 0 && total >= best.0 {
            best = (total, d);
        }
    }
    println!("{} {}", best.0, best.1);
}
