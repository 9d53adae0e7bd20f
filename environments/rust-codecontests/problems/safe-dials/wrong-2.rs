// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Forgets that switches may depend on each other: one way if the pattern is possible, and no more.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let n = v[0];
    let a = &v[2..2 + n];
    for q in v[2 + n..].chunks(3) {
        let mut basis = [0usize; 30];
        for &switch in &a[q[0] - 1..q[1]] {
            let mut x = switch;
            for bit in (0..30).rev() {
                if x >> bit & 1 == 1 {
                    if basis[bit] == 0 {
                        basis[bit] = x;
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
        println!("{}", if wanted == 0 { 1 } else { 0 });
    }
}
