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
    let mut depth = vec![u64::MAX; n + 1];
    depth[1] = 0;
    let mut stack = vec![1];
    let mut twice = 0;
    while let Some(village) = stack.pop() {
        for &(to, metres) in &trails[village] {
            if depth[to] == u64::MAX {
                depth[to] = depth[village] + metres;
                twice += 2 * metres;
                stack.push(to);
            }
        }
    }
    let farthest = numbers[3 * n - 1..].iter().map(|&village| depth[village]).max().unwrap();
    println!("{}", twice - farthest);
}
