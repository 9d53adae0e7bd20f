// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let ropes: Vec<u64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let longest = *ropes.iter().max().unwrap();
    let mut best = (0, 0);
    for piece in 2..=longest {
        let mut total = 0;
        for &rope in &ropes {
            if rope % piece == 0 {
                total += rope;
            }
        }
        if total > 0 && total >= best.0 {
            best = (total, piece);
        }
    }
    println!("{} {}", best.0, best.1);
}
