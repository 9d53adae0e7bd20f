// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Counts every two masts, not only those an odd number apart.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let a: Vec<u32> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut total: u64 = 0;
    for k in 0..30 {
        let up = a.iter().filter(|&x| x >> k & 1 == 1).count() as u64;
        total += up * (a.len() as u64 - up);
    }
    println!("{}", total);
}
