// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, d) = (numbers[0] as usize, numbers[1]);
    let huts: Vec<(i64, i64)> = numbers[2..].chunks(2).map(|hut| (hut[0], hut[1])).collect();
    let mut pairs: u64 = 0;
    for i in 0..n {
        for j in 0..n {
            if i != j && (huts[i].0 - huts[j].0).abs() + (huts[i].1 - huts[j].1).abs() <= d {
                pairs += 1;
            }
        }
    }
    println!("{}", pairs / 2);
}
