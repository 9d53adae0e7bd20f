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
    // The number of huts in touch with a hut while a pass is frozen.
    let reach = |from: usize, frozen: usize| {
        let mut seen = vec![false; n + 1];
        seen[from] = true;
        let mut stack = vec![from];
        let mut count: u64 = 0;
        while let Some(hut) = stack.pop() {
            count += 1;
            for &(to, pass) in &passes[hut] {
                if pass != frozen && !seen[to] {
                    seen[to] = true;
                    stack.push(to);
                }
            }
        }
        count
    };
    let (mut greatest, mut first, mut sum) = (0, 1, 0);
    for i in 0..m {
        let whole = reach(numbers[2 + 2 * i], m);
        let part = reach(numbers[2 + 2 * i], i);
        let weight = part * (whole - part);
        sum += weight;
        if weight > greatest {
            greatest = weight;
            first = i + 1;
        }
    }
    println!("{} {} {}", greatest, first, sum);
}
