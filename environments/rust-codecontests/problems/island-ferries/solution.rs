// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn find(parent: &mut [usize], mut v: usize) -> usize {
    while parent[v] != v {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    v
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<u64>().unwrap());
    let n = numbers.next().unwrap() as usize;
    let m = numbers.next().unwrap() as usize;
    let fees: Vec<u64> = numbers.by_ref().take(n).collect();
    let mut parent: Vec<usize> = (0..n).collect();
    for _ in 0..m {
        let u = find(&mut parent, numbers.next().unwrap() as usize - 1);
        let v = find(&mut parent, numbers.next().unwrap() as usize - 1);
        parent[u] = v;
    }
    let mut cheapest = vec![u64::MAX; n];
    for v in 0..n {
        let root = find(&mut parent, v);
        cheapest[root] = cheapest[root].min(fees[v]);
    }
    // Every group ships from its cheapest harbour to the cheapest harbour of all.
    let groups: Vec<u64> = cheapest.into_iter().filter(|&fee| fee != u64::MAX).collect();
    let total: u64 = groups.iter().sum();
    println!("{} {}", groups.len() - 1, total - groups.iter().min().unwrap());
}
