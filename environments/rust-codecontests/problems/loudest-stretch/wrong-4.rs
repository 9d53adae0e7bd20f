// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const M: i64 = 1_000_000_007;

fn pairs(x: i64, left: i64, right: i64) -> i64 {
    let t = |s: i64| if s > 0 { s * (s + 1) / 2 } else { 0 };
    t(x) - t(x - left) - t(x - right)
}

// Takes away twice the stretches that would be too long on both sides.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<i64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let a = &v[3..];
    let n = a.len();
    let mut left = vec![0i64; n];
    let mut right = vec![0i64; n];
    let mut stack: Vec<usize> = Vec::new();
    for i in 0..n {
        while !stack.is_empty() && a[stack[stack.len() - 1]] < a[i] {
            let j = stack.pop().unwrap();
            right[j] = (i - j) as i64;
        }
        left[i] = stack.last().map_or(i as i64 + 1, |&j| (i - j) as i64);
        stack.push(i);
    }
    for j in stack {
        right[j] = (n - j) as i64;
    }
    let mut total = 0;
    for i in 0..n {
        let c = pairs(v[2], left[i], right[i]) - pairs(v[1] - 1, left[i], right[i]);
        total = (total + c % M * (a[i] % M)) % M;
    }
    println!("{}", (total % M + M) % M);
}
