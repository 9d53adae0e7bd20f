// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Keeps the oldest combination for every bit, so late ranges look poorer than they are.
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
    let mut basis = vec![[(0usize, 0usize); 30]; n + 1];
    for end in 1..=n {
        basis[end] = basis[end - 1];
        let mut x = a[end - 1];
        for bit in (0..30).rev() {
            if x >> bit & 1 == 1 {
                if basis[end][bit].0 == 0 {
                    basis[end][bit] = (x, end);
                    break;
                }
                x ^= basis[end][bit].0;
            }
        }
    }
    for q in questions {
        let mut wanted = q[2];
        let mut rank = 0;
        for bit in (0..30).rev() {
            let (vector, place) = basis[q[1]][bit];
            if vector != 0 && place >= q[0] {
                rank += 1;
                if wanted >> bit & 1 == 1 {
                    wanted ^= vector;
                }
            }
        }
        println!("{}", if wanted == 0 { power[q[1] - q[0] + 1 - rank] } else { 0 });
    }
}
