// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let a: Vec<u64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut couples: u64 = 0;
    for i in 0..a.len() {
        for j in 0..i {
            let product = a[i] * a[j];
            let root = (product as f64).cbrt().round() as u64;
            if root * root * root == product {
                couples += 1;
            }
        }
    }
    println!("{}", couples);
}
