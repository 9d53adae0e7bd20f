// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Lets the switches after r work as well.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = v[0];
    let a = &v[2..2 + n];
    let questions: Vec<&[usize]> = v[2 + n..].chunks(3).collect();
    let mut power = vec![1u64; n + 1];
    for i in 1..=n {
        power[i] = power[i - 1] * 2 % 1_000_000_007;
    }
    // The basis of all switches from each one on.
    let mut from = vec![[0usize; 30]; n + 2];
    for start in (1..=n).rev() {
        from[start] = from[start + 1];
        let mut x = a[start - 1];
        for bit in (0..30).rev() {
            if x >> bit & 1 == 1 {
                if from[start][bit] == 0 {
                    from[start][bit] = x;
                    break;
                }
                x ^= from[start][bit];
            }
        }
    }
    for q in questions {
        let mut wanted = q[2];
        let rank = from[q[0]].iter().filter(|&&b| b != 0).count();
        for bit in (0..30).rev() {
            if wanted >> bit & 1 == 1 {
                wanted ^= from[q[0]][bit];
            }
        }
        let length = q[1] - q[0] + 1;
        println!("{}", if wanted == 0 { power[length.saturating_sub(rank)] } else { 0 });
    }
}
