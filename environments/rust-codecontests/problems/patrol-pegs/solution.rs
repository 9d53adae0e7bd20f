// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        let rest = a % b;
        a = b;
        b = rest;
    }
    a
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let stops: Vec<(i64, i64)> = (0..n).map(|i| (numbers[1 + 2 * i], numbers[2 + 2 * i])).collect();
    let mut rings = 0;
    for i in 0..n {
        let (x1, y1) = stops[i];
        let (x2, y2) = stops[(i + 1) % n];
        rings += gcd((x2 - x1).abs(), (y2 - y1).abs());
    }
    println!("{}", rings);
}
