// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashSet;
use std::io::{self, Read};

// Looks products up among third powers, but stops at roots of 1000.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let a: Vec<u64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let cubes: HashSet<u64> = (1..=1000u64).map(|r| r * r * r).collect();
    let mut couples: u64 = 0;
    for i in 0..a.len() {
        for j in 0..i {
            if cubes.contains(&(a[i] * a[j])) {
                couples += 1;
            }
        }
    }
    println!("{}", couples);
}
