// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % MODULUS;
        }
        base = base * base % MODULUS;
        exponent >>= 1;
    }
    result
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (w, h, k) = (numbers[0], numbers[1], numbers[2]);
    let mut factorial = vec![1; w + h + 1];
    for i in 1..=w + h {
        factorial[i] = factorial[i - 1] * i as u64 % MODULUS;
    }
    let inverse: Vec<u64> = factorial.iter().map(|&product| power(product, MODULUS - 2)).collect();
    let ways = |x: usize, y: usize| factorial[x + y] * inverse[x] % MODULUS * inverse[y] % MODULUS;
    let mut puddles: Vec<(usize, usize)> = numbers[3..].chunks(2).map(|puddle| (puddle[0], puddle[1])).collect();
    puddles.sort_unstable();
    let mut to = vec![0; k];
    let mut from = vec![0; k];
    // A puddle lies before another one if it is further left and further down.
    for i in 0..k {
        let (x, y) = puddles[i];
        to[i] = ways(x, y);
        for j in 0..i {
            if puddles[j].0 < x && puddles[j].1 < y {
                to[i] += MODULUS - to[j] * ways(x - puddles[j].0, y - puddles[j].1) % MODULUS;
            }
        }
        to[i] %= MODULUS;
    }
    for i in (0..k).rev() {
        let (x, y) = puddles[i];
        from[i] = ways(w - x, h - y);
        for j in i + 1..k {
            if puddles[j].0 > x && puddles[j].1 > y {
                from[i] += MODULUS - from[j] * ways(puddles[j].0 - x, puddles[j].1 - y) % MODULUS;
            }
        }
        from[i] %= MODULUS;
    }
    println!("{}", (0..k).fold(0, |sum, i| (sum + to[i] * from[i]) % MODULUS));
}
