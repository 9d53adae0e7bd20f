// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashSet;
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (w, h) = (numbers[0], numbers[1]);
    let puddles: HashSet<(usize, usize)> = numbers[3..].chunks(2).map(|puddle| (puddle[0], puddle[1])).collect();
    // The ways to the flagstones of one row, without a puddle and with one.
    let mut dry = vec![0; w + 1];
    let mut wet = vec![0; w + 1];
    dry[0] = 1;
    for y in 0..=h {
        for x in 0..=w {
            if x > 0 {
                dry[x] = (dry[x] + dry[x - 1]) % MODULUS;
                wet[x] = (wet[x] + wet[x - 1]) % MODULUS;
            }
            if puddles.contains(&(x, y)) {
                wet[x] = dry[x];
                dry[x] = 0;
            }
        }
    }
    println!("{}", wet[w]);
}
