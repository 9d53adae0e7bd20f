// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[2]);
    let mut lines = vec![Vec::new(); n + 1];
    for line in numbers[3..].chunks(3) {
        lines[line[0]].push((line[1], line[2] as u64));
        lines[line[1]].push((line[0], line[2] as u64));
    }
    // Half price for any k rides of the journey.
    let mut least = vec![vec![u64::MAX; k + 1]; n + 1];
    least[1][k] = 0;
    let mut queue = BinaryHeap::new();
    queue.push((Reverse(0), 1, k));
    while let Some((Reverse(cost), town, left)) = queue.pop() {
        if cost > least[town][left] {
            continue;
        }
        for &(to, fare) in &lines[town] {
            if cost + fare < least[to][left] {
                least[to][left] = cost + fare;
                queue.push((Reverse(cost + fare), to, left));
            }
            if left > 0 && cost + fare / 2 < least[to][left - 1] {
                least[to][left - 1] = cost + fare / 2;
                queue.push((Reverse(cost + fare / 2), to, left - 1));
            }
        }
    }
    let best = least[n].iter().min().unwrap();
    println!("{}", if *best == u64::MAX { -1 } else { *best as i64 });
}
