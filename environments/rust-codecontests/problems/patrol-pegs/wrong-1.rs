// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn gcd(a: i32, b: i32) -> i32 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let mut rings: i64 = 0;
    for i in 0..n {
        let j = (i + 1) % n;
        let dx = numbers[1 + 2 * j].wrapping_sub(numbers[1 + 2 * i]).wrapping_abs();
        let dy = numbers[2 + 2 * j].wrapping_sub(numbers[2 + 2 * i]).wrapping_abs();
        rings += gcd(dx, dy) as i64;
    }
    println!("{}", rings);
}
