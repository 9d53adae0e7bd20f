// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Takes the power of two in 64 bits before the remainder.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = v[0];
    let a = &v[2..2 + n];
    for q in v[2 + n..].chunks(3) {
        let mut basis = [0usize; 30];
        let mut rank = 0;
        for &switch in &a[q[0] - 1..q[1]] {
            let mut x = switch;
            for bit in (0..30).rev() {
                if x >> bit & 1 == 1 {
                    if basis[bit] == 0 {
                        basis[bit] = x;
                        rank += 1;
                        break;
                    }
                    x ^= basis[bit];
                }
            }
        }
        let mut wanted = q[2];
        for bit in (0..30).rev() {
            if wanted >> bit & 1 == 1 {
                wanted ^= basis[bit];
            }
        }
        let free = (q[1] - q[0] + 1 - rank) as u32;
        println!("{}", if wanted == 0 { 1u64.wrapping_shl(free) % 1_000_000_007 } else { 0 });
    }
}
