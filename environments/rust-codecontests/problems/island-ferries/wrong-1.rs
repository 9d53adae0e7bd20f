// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn find(parent: &mut Vec<usize>, v: usize) -> usize {
    let mut root = v;
    while parent[root] != root {
        root = parent[root];
    }
    let mut v = v;
    while parent[v] != root {
        let next = parent[v];
        parent[v] = root;
        v = next;
    }
    root
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let m = numbers[1] as usize;
    let mut parent: Vec<usize> = (0..n).collect();
    for i in 0..m {
        let u = find(&mut parent, numbers[2 + n + 2 * i] as usize - 1);
        let v = find(&mut parent, numbers[3 + n + 2 * i] as usize - 1);
        parent[u] = v;
    }
    let mut cheapest = vec![i32::MAX; n];
    for v in 0..n {
        let root = find(&mut parent, v);
        cheapest[root] = cheapest[root].min(numbers[2 + v]);
    }
    cheapest.retain(|&fee| fee < i32::MAX);
    cheapest.sort_unstable();
    let cost = cheapest[1..].iter().fold(0i32, |sum, &fee| sum.wrapping_add(fee));
    println!("{} {}", cheapest.len() - 1, cost);
}
