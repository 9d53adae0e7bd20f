// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const CELLS: usize = 100_001;

fn add(tree: &mut [i64], cell: i64, amount: i64) {
    let mut i = cell as usize + 1;
    while i <= CELLS {
        tree[i] += amount;
        i += i & i.wrapping_neg();
    }
}

fn below(tree: &[i64], end: i64) -> i64 {
    let mut i = end.clamp(0, CELLS as i64) as usize;
    let mut sum = 0;
    while i > 0 {
        sum += tree[i];
        i &= i - 1;
    }
    sum
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let d = numbers[1];
    // Near in x, and near in y.
    let mut huts: Vec<(i64, i64)> = numbers[2..].chunks(2).map(|hut| (hut[0], hut[1])).collect();
    huts.sort_unstable();
    let mut tree = vec![0; CELLS + 1];
    let mut oldest = 0;
    let mut pairs = 0;
    for &(x, y) in &huts {
        while huts[oldest].0 < x - d {
            add(&mut tree, huts[oldest].1, -1);
            oldest += 1;
        }
        pairs += below(&tree, y + d + 1) - below(&tree, y - d);
        add(&mut tree, y, 1);
    }
    println!("{}", pairs);
}
