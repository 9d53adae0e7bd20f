// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, m) = (numbers[0], numbers[1]);
    let mut passes = vec![Vec::new(); n];
    for i in 0..m {
        let (u, v) = (numbers[2 + 2 * i] - 1, numbers[3 + 2 * i] - 1);
        passes[u].push((v, i));
        passes[v].push((u, i));
    }
    // A depth-first search without recursion: entry[v] counts the huts entered up to v, low[v] is the earliest
    // entry that the part below v reaches without the pass `via[v]` that led to v.
    let mut entry = vec![usize::MAX; n];
    let mut low = vec![0; n];
    let mut via = vec![usize::MAX; n];
    let mut tried = vec![0; n];
    let mut below = vec![1u64; n];
    let mut weight = vec![0u64; m];
    let mut entered = 0;
    for root in 0..n {
        if entry[root] != usize::MAX {
            continue;
        }
        let mut stack = vec![root];
        let mut bridges = Vec::new();
        entry[root] = entered;
        low[root] = entered;
        entered += 1;
        while let Some(&hut) = stack.last() {
            if tried[hut] < passes[hut].len() {
                let (to, pass) = passes[hut][tried[hut]];
                tried[hut] += 1;
                if pass == via[hut] {
                    continue;
                }
                if entry[to] == usize::MAX {
                    entry[to] = entered;
                    low[to] = entered;
                    via[to] = pass;
                    entered += 1;
                    stack.push(to);
                } else {
                    low[hut] = low[hut].min(entry[to]);
                }
                continue;
            }
            stack.pop();
            if let Some(&up) = stack.last() {
                low[up] = low[up].min(low[hut]);
                below[up] += below[hut];
                if low[hut] == entry[hut] {
                    bridges.push(hut);
                }
            }
        }
        for hut in bridges {
            weight[via[hut]] = below[hut] * (below[root] - below[hut]);
        }
    }
    let greatest = *weight.iter().max().unwrap();
    let first = weight.iter().position(|&other| other == greatest).unwrap();
    println!("{} {} {}", greatest, first + 1, weight.iter().sum::<u64>());
}
