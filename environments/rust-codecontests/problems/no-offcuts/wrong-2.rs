// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Adds up lengths in 32 bits.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut sums = vec![0u32; 1_000_001];
    for word in text.split_ascii_whitespace().skip(1) {
        let a: usize = word.parse().unwrap();
        sums[a] = sums[a].wrapping_add(a as u32);
    }
    let mut best = (0, 0);
    for d in 2..=1_000_000 {
        let mut total = 0u32;
        for multiple in (d..=1_000_000).step_by(d) {
            total = total.wrapping_add(sums[multiple]);
        }
        if total > 0 && total >= best.0 {
            best = (total, d);
        }
    }
    println!("{} {}", best.0, best.1);
}
