// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let a: Vec<u32> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut total: u64 = 0;
    for i in 0..a.len() {
        for j in i + 1..a.len() {
            if (j - i) % 2 == 1 {
                for k in 0..30 {
                    if (a[i] >> k) & 1 != (a[j] >> k) & 1 {
                        total += 1;
                    }
                }
            }
        }
    }
    println!("{}", total);
}
