// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

// Divides by primes up to 100 only, and takes what is left for a prime.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut couples = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        let mut x: u64 = word.parse().unwrap();
        let (mut core, mut missing) = (1, 1);
        let mut p = 2;
        while p <= 100 {
            let mut e = 0;
            while x % p == 0 {
                x /= p;
                e += 1;
            }
            if e % 3 == 1 {
                core *= p;
                missing *= p * p;
            } else if e % 3 == 2 {
                core *= p * p;
                missing *= p;
            }
            p += 1;
        }
        core *= x;
        missing *= x * x;
        couples += seen.get(&missing).unwrap_or(&0);
        *seen.entry(core).or_insert(0) += 1;
    }
    println!("{}", couples);
}
