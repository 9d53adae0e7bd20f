// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let d = numbers[2];
    let mut lefts = numbers[3..3 + n].to_vec();
    lefts.sort();
    let rights = &numbers[3 + n..];
    let mut used = vec![false; rights.len()];
    let mut pairs = 0;
    for &left in &lefts {
        let mut smallest: Option<usize> = None;
        for j in 0..rights.len() {
            if !used[j] && (rights[j] - left).abs() <= d {
                if smallest.map_or(true, |s| rights[j] < rights[s]) {
                    smallest = Some(j);
                }
            }
        }
        if let Some(j) = smallest {
            used[j] = true;
            pairs += 1;
        }
    }
    println!("{}", pairs);
}
