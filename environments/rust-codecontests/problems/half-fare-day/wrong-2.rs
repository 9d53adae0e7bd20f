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
    // The cheapest journey at full fare, then the best place on it for the card.
    let mut least = vec![u64::MAX; n + 1];
    let mut ride = vec![(0, 0); n + 1];
    least[1] = 0;
    let mut queue = BinaryHeap::new();
    queue.push((Reverse(0), 1));
    while let Some((Reverse(cost), town)) = queue.pop() {
        if cost > least[town] {
            continue;
        }
        for &(to, fare) in &lines[town] {
            if cost + fare < least[to] {
                least[to] = cost + fare;
                ride[to] = (town, fare);
                queue.push((Reverse(cost + fare), to));
            }
        }
    }
    if least[n] == u64::MAX {
        println!("-1");
        return;
    }
    let mut savings = Vec::new();
    let mut town = n;
    while town != 1 {
        savings.push((ride[town].1 + 1) / 2);
        town = ride[town].0;
    }
    let width = k.min(savings.len()).max(1);
    let saved = savings.windows(width).map(|window| window.iter().sum::<u64>()).max().unwrap_or(0);
    println!("{}", least[n] - saved);
}
