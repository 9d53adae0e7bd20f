// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Sums in 32 bits.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let a: Vec<u32> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut total: i32 = 0;
    for k in 0..30 {
        let mut count = [[0i32; 2]; 2];
        for (i, x) in a.iter().enumerate() {
            count[i % 2][(x >> k & 1) as usize] += 1;
        }
        total = total.wrapping_add(count[0][0].wrapping_mul(count[1][1]));
        total = total.wrapping_add(count[0][1].wrapping_mul(count[1][0]));
    }
    println!("{}", total);
}
