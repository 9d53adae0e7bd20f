// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, m) = (numbers[0], numbers[1]);
    let mut passes = vec![Vec::new(); n + 1];
    for i in 0..m {
        let (u, v) = (numbers[2 + 2 * i], numbers[3 + 2 * i]);
        passes[u].push((v, i));
        passes[v].push((u, i));
    }
    let mut entry = vec![0; n + 1];
    let mut low = vec![0; n + 1];
    let mut via = vec![m; n + 1];
    let mut tried = vec![0; n + 1];
    let mut below = vec![1u64; n + 1];
    let mut weight = vec![0u64; m];
    let mut entered = 0;
    for root in 1..=n {
        if entry[root] > 0 {
            continue;
        }
        entered += 1;
        entry[root] = entered;
        low[root] = entered;
        let mut stack = vec![root];
        while let Some(&hut) = stack.last() {
            if let Some(&(to, pass)) = passes[hut].get(tried[hut]) {
                tried[hut] += 1;
                if entry[to] == 0 {
                    entered += 1;
                    entry[to] = entered;
                    low[to] = entered;
                    via[to] = pass;
                    stack.push(to);
                } else if pass != via[hut] {
                    low[hut] = low[hut].min(entry[to]);
                }
            } else {
                stack.pop();
                if let Some(&up) = stack.last() {
                    low[up] = low[up].min(low[hut]);
                    below[up] += below[hut];
                    // The huts on this side and all the others.
                    if low[hut] >= entry[up] {
                        weight[via[hut]] = below[hut] * (n as u64 - below[hut]);
                    }
                }
            }
        }
    }
    let greatest = *weight.iter().max().unwrap();
    let first = weight.iter().position(|&other| other == greatest).unwrap();
    println!("{} {} {}", greatest, first + 1, weight.iter().sum::<u64>());
}
