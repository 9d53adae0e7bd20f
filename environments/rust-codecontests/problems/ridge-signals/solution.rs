// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let patterns: Vec<u32> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut total: u64 = 0;
    for flag in 0..30 {
        // Masts by the parity of their place and by the flag.
        let mut count = [[0u64; 2]; 2];
        for (place, pattern) in patterns.iter().enumerate() {
            count[place % 2][(pattern >> flag & 1) as usize] += 1;
        }
        total += count[0][0] * count[1][1] + count[0][1] * count[1][0];
    }
    println!("{}", total);
}
