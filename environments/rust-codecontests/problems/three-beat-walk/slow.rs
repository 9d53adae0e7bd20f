// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0];
    // Which squares a walk of exactly `beats` lanes can end in, beat after beat.
    let mut here = vec![false; n + 1];
    here[1] = true;
    for beats in 0..=3 * n {
        if beats % 3 == 0 && here[n] {
            println!("{}", beats);
            return;
        }
        let mut next = vec![false; n + 1];
        for lane in numbers[2..].chunks(2) {
            if here[lane[0]] {
                next[lane[1]] = true;
            }
        }
        here = next;
    }
    println!("-1");
}
