// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<u64>().unwrap());
    let n = numbers.next().unwrap() as usize;
    let mut to = vec![0; n];
    let mut spring = vec![0; n];
    let mut carries = vec![0; n];
    for i in 0..n {
        if i > 0 {
            to[i] = numbers.next().unwrap() as usize - 1;
        }
        spring[i] = numbers.next().unwrap();
        carries[i] = numbers.next().unwrap();
    }
    // What arrives is capped by the bed, then the spring joins.
    let mut arriving = vec![0; n];
    let mut lost = 0;
    for i in (0..n).rev() {
        let flows: u64 = std::cmp::min(arriving[i], carries[i]) + spring[i];
        lost += arriving[i] - std::cmp::min(arriving[i], carries[i]);
        if i == 0 {
            println!("{} {}", flows, lost);
        } else {
            arriving[to[i]] += flows;
        }
    }
}
