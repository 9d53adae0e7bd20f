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
    let mut up = vec![(0, 0); n + 1];
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
        let mut bridges = Vec::new();
        while let Some(&hut) = stack.last() {
            if let Some(&(to, pass)) = passes[hut].get(tried[hut]) {
                tried[hut] += 1;
                if to == up[hut].0 {
                    continue;
                }
                if entry[to] == 0 {
                    entered += 1;
                    entry[to] = entered;
                    low[to] = entered;
                    up[to] = (hut, pass);
                    stack.push(to);
                } else {
                    low[hut] = low[hut].min(entry[to]);
                }
            } else {
                stack.pop();
                let parent = up[hut].0;
                low[parent] = low[parent].min(low[hut]);
                below[parent] += below[hut];
                if parent > 0 && low[hut] > entry[parent] {
                    bridges.push(hut);
                }
            }
        }
        for hut in bridges {
            weight[up[hut].1] = below[hut] * (below[root] - below[hut]);
        }
    }
    let greatest = *weight.iter().max().unwrap();
    let first = weight.iter().position(|&other| other == greatest).unwrap();
    println!("{} {} {}", greatest, first + 1, weight.iter().sum::<u64>());
}
