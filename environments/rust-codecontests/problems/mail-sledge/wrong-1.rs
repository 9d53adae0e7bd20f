// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0];
    let mut trails = vec![Vec::new(); n + 1];
    for trail in numbers[2..3 * n - 1].chunks(3) {
        trails[trail[0]].push((trail[1], trail[2] as u64));
        trails[trail[1]].push((trail[0], trail[2] as u64));
    }
    let mut needed = vec![false; n + 1];
    for &village in &numbers[3 * n - 1..] {
        needed[village] = true;
    }
    let mut up = vec![(0, 0); n + 1];
    let mut depth = vec![0; n + 1];
    let mut order = vec![1];
    let mut next = 0;
    while next < order.len() {
        let village = order[next];
        next += 1;
        for &(to, metres) in &trails[village] {
            if to != up[village].0 {
                up[to] = (village, metres);
                depth[to] = depth[village] + metres;
                order.push(to);
            }
        }
    }
    let mut twice: i64 = 0;
    for &village in order.iter().rev() {
        if needed[village] {
            needed[up[village].0] = true;
            twice += 2 * up[village].1 as i64;
        }
    }
    // End in the village that is farthest away.
    println!("{}", twice - *depth.iter().max().unwrap() as i64);
}
