// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<u64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, l, r) = (v[0] as usize, v[1] as usize, v[2] as usize);
    let a = &v[3..];
    let mut total = 0;
    for start in 0..n {
        for length in l..=r {
            if start + length <= n {
                let loudest = a[start..start + length].iter().max().unwrap();
                total = (total + loudest) % 1_000_000_007;
            }
        }
    }
    println!("{}", total);
}
