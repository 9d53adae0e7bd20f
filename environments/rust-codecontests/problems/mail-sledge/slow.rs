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
    let letters = &numbers[3 * n - 1..];
    // The distances from the post office, with one trail closed.
    let explore = |closed: (usize, usize)| {
        let mut distance = vec![u64::MAX; n + 1];
        distance[1] = 0;
        let mut stack = vec![1];
        while let Some(village) = stack.pop() {
            for &(to, metres) in &trails[village] {
                let is_closed = closed == (village, to) || closed == (to, village);
                if !is_closed && distance[to] == u64::MAX {
                    distance[to] = distance[village] + metres;
                    stack.push(to);
                }
            }
        }
        distance
    };
    let mut twice = 0;
    for trail in numbers[2..3 * n - 1].chunks(3) {
        let distance = explore((trail[0], trail[1]));
        if letters.iter().any(|&village| distance[village] == u64::MAX) {
            twice += 2 * trail[2] as u64;
        }
    }
    let distance = explore((0, 0));
    println!("{}", twice - letters.iter().map(|&village| distance[village]).max().unwrap());
}
