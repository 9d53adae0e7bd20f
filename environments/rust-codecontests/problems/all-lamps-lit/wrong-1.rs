// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

// Lets the least common multiple wrap around.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    for _ in 0..numbers.next().unwrap() {
        let n = numbers.next().unwrap();
        let t = numbers.next().unwrap();
        let mut lcm: u64 = 1;
        for _ in 0..n {
            let p = numbers.next().unwrap();
            lcm = lcm.wrapping_mul(p / gcd(lcm, p));
        }
        println!("{}", if lcm == 0 { 0 } else { t / lcm });
    }
}
