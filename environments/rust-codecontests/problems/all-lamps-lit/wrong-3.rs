// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

// Gives up when the common period reaches the last second, which still counts.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    for _ in 0..numbers.next().unwrap() {
        let n = numbers.next().unwrap() as usize;
        let t = numbers.next().unwrap();
        let periods: Vec<u64> = numbers.by_ref().take(n).collect();
        let mut lcm: u64 = 1;
        let mut too_late = false;
        for p in periods {
            let wide = lcm as u128 * (p / gcd(lcm, p)) as u128;
            if wide >= t as u128 {
                too_late = true;
                break;
            }
            lcm = wide as u64;
        }
        println!("{}", if too_late { 0 } else { t / lcm });
    }
}
