// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Cuts as many ropes as possible instead of as many metres.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut count = vec![0u64; 1_000_001];
    for word in text.split_ascii_whitespace().skip(1) {
        count[word.parse::<usize>().unwrap()] += 1;
    }
    let mut best = (0, 0, 0);
    for d in 2..=1_000_000 {
        let mut ropes = 0;
        let mut total = 0;
        for multiple in (d..=1_000_000).step_by(d) {
            ropes += count[multiple];
            total += count[multiple] * multiple as u64;
        }
        if ropes > 0 && ropes >= best.0 {
            best = (ropes, total, d);
        }
    }
    println!("{} {}", best.1, best.2);
}
