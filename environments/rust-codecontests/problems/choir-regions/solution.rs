// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::fmt::Write;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0];
    let modulus = numbers[2] as u64;
    let mut lanes = vec![Vec::new(); n];
    for lane in numbers[3..2 * n + 1].chunks(2) {
        lanes[lane[0] - 1].push(lane[1] - 1);
        lanes[lane[1] - 1].push(lane[0] - 1);
    }
    let mut up = vec![usize::MAX; n];
    let mut order = vec![0];
    for next in 0..n {
        let village = order[next];
        for &to in &lanes[village] {
            if to != up[village] {
                up[to] = village;
                order.push(to);
            }
        }
    }
    // below[v]: the choices for the part below v, the empty one included; above[v]: the same for the part beyond
    // the lane from v towards the root.
    let mut product = vec![1 % modulus; n];
    let mut below = vec![0; n];
    for &village in order.iter().rev() {
        below[village] = (product[village] + 1) % modulus;
        if up[village] != usize::MAX {
            product[up[village]] = product[up[village]] * below[village] % modulus;
        }
    }
    let mut above = vec![1 % modulus; n];
    for &village in &order {
        let children: Vec<usize> = lanes[village].iter().copied().filter(|&to| to != up[village]).collect();
        // Products of all children before a child, then of all after it: division is not possible.
        let mut before = above[village];
        for &child in &children {
            above[child] = before;
            before = before * below[child] % modulus;
        }
        let mut after = 1 % modulus;
        for &child in children.iter().rev() {
            above[child] = (above[child] * after + 1) % modulus;
            after = after * below[child] % modulus;
        }
    }
    let mut out = String::new();
    for &village in &numbers[2 * n + 1..] {
        writeln!(out, "{}", product[village - 1] * above[village - 1] % modulus).unwrap();
    }
    print!("{}", out);
}
