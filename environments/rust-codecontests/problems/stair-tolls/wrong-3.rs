// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let mut best = vec![i64::MAX; n + 1];
    best[0] = 0;
    for i in 1..=n {
        for stride in 1..=3.min(i) {
            best[i] = best[i].min(best[i - stride] + numbers[i]);
        }
    }
    println!("{}", best[n]);
}
