// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0];
    let modulus = numbers[2] as u64;
    let mut lanes = vec![Vec::new(); n + 1];
    for lane in numbers[3..2 * n + 1].chunks(2) {
        lanes[lane[0]].push(lane[1]);
        lanes[lane[1]].push(lane[0]);
    }
    let mut up = vec![0; n + 1];
    let mut order = vec![1];
    let mut next = 0;
    while next < order.len() {
        let village = order[next];
        next += 1;
        for &to in &lanes[village] {
            if to != up[village] {
                up[to] = village;
                order.push(to);
            }
        }
    }
    let mut regions = vec![1u64; n + 1];
    for &village in order.iter().rev() {
        regions[up[village]] = regions[up[village]] * (1 + regions[village]) % modulus;
    }
    // Below the village, or the village above together with it.
    let mut all = vec![0u64; n + 1];
    for &village in &order {
        all[village] = (regions[village] + all[up[village]]) % modulus;
    }
    let mut out = String::new();
    for &village in &numbers[2 * n + 1..] {
        out += &format!("{}\n", all[village]);
    }
    print!("{}", out);
}
