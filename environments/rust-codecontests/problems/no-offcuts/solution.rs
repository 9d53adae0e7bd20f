// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const LONGEST: usize = 1_000_000;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut total_of_length = vec![0u64; LONGEST + 1];
    for word in text.split_ascii_whitespace().skip(1) {
        let length: usize = word.parse().unwrap();
        total_of_length[length] += length as u64;
    }
    let mut best = (0, 0);
    for piece in 2..=LONGEST {
        let total: u64 = total_of_length.iter().step_by(piece).sum();
        if total > 0 && total >= best.0 {
            best = (total, piece);
        }
    }
    println!("{} {}", best.0, best.1);
}
