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

/// For each puddle the ways from the first flagstone to it that meet no other puddle before.
fn dry_ways(sorted: &[(usize, usize)], ways: &dyn Fn(usize, usize) -> u64) -> Vec<u64> {
    let mut dry: Vec<u64> = Vec::with_capacity(sorted.len());
    for (i, &(x, y)) in sorted.iter().enumerate() {
        let mut result = ways(x, y);
        for (j, &(other_x, other_y)) in sorted[..i].iter().enumerate() {
            if other_y <= y {
                result += MODULUS - dry[j] * ways(x - other_x, y - other_y) % MODULUS;
            }
        }
        dry.push(result % MODULUS);
    }
    dry
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (w, h) = (numbers[0], numbers[1]);
    let mut factorial = vec![1; w + h + 1];
    for i in 1..=w + h {
        factorial[i] = factorial[i - 1] * i as u64 % MODULUS;
    }
    let mut inverse = vec![power(factorial[w + h], MODULUS - 2); w + h + 1];
    for i in (0..w + h).rev() {
        inverse[i] = inverse[i + 1] * (i as u64 + 1) % MODULUS;
    }
    let ways = |x: usize, y: usize| factorial[x + y] * inverse[x] % MODULUS * inverse[y] % MODULUS;
    let mut puddles: Vec<(usize, usize)> = numbers[3..].chunks(2).map(|puddle| (puddle[0], puddle[1])).collect();
    puddles.sort_unstable();
    // From the first flagstone to the one puddle, and from the last flagstone backwards to it.
    let to = dry_ways(&puddles, &ways);
    let mirrored: Vec<(usize, usize)> = puddles.iter().rev().map(|&(x, y)| (w - x, h - y)).collect();
    let from = dry_ways(&mirrored, &ways);
    let total = to.iter().zip(from.iter().rev()).fold(0, |sum, (a, b)| (sum + a * b) % MODULUS);
    println!("{}", total);
}
