// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn find(parent: &[usize], mut v: usize) -> usize {
    while parent[v] != v {
        v = parent[v];
    }
    v
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<u64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let m = numbers[1] as usize;
    let mut parent: Vec<usize> = (0..n).collect();
    for i in 0..m {
        let u = numbers[2 + n + 2 * i] as usize - 1;
        let v = numbers[3 + n + 2 * i] as usize - 1;
        if find(&parent, u) != find(&parent, v) {
            parent[u] = v;
        }
    }
    let mut cheapest = vec![u64::MAX; n];
    for v in 0..n {
        let root = find(&parent, v);
        cheapest[root] = cheapest[root].min(numbers[2 + v]);
    }
    let mut mins: Vec<u64> = cheapest.into_iter().filter(|&fee| fee < u64::MAX).collect();
    mins.sort_unstable();
    println!("{} {}", mins.len() - 1, mins[1..].iter().sum::<u64>());
}
