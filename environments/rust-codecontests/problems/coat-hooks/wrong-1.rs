// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::BTreeSet;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace();
    let n: i32 = tokens.next().unwrap().parse().unwrap();
    let q: i32 = tokens.next().unwrap().parse().unwrap();
    let mut free: BTreeSet<i32> = (1..=n).collect();
    let mut steps = 0i32;
    let mut leaving = 0;
    for _ in 0..q {
        let sign = tokens.next().unwrap();
        let x: i32 = tokens.next().unwrap().parse().unwrap();
        if sign == "-" {
            free.insert(x);
            continue;
        }
        let hook = free.range(x..).next().or_else(|| free.iter().next()).copied();
        if let Some(hook) = hook {
            free.remove(&hook);
            steps = steps.wrapping_add((hook + n - x) % n);
        } else {
            leaving += 1;
        }
    }
    println!("{} {}", steps, leaving);
}
