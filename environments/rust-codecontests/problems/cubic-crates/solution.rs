// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const LARGEST: usize = 1_000_000;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();

    let mut smallest_prime = vec![0usize; LARGEST + 1];
    for prime in 2..=LARGEST {
        if smallest_prime[prime] == 0 {
            for multiple in (prime..=LARGEST).step_by(prime) {
                if smallest_prime[multiple] == 0 {
                    smallest_prime[multiple] = prime;
                }
            }
        }
    }

    // Boxes so far by their core: the number without all factors that are third powers.
    let mut boxes_with_core = vec![0u64; LARGEST + 1];
    let mut couples = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        let mut rest: usize = word.parse().unwrap();
        let (mut core, mut missing) = (1usize, 1u64);
        while rest > 1 {
            let prime = smallest_prime[rest];
            let mut exponent = 0;
            while rest % prime == 0 {
                rest /= prime;
                exponent += 1;
            }
            match exponent % 3 {
                1 => {
                    core *= prime;
                    missing *= (prime * prime) as u64;
                }
                2 => {
                    core *= prime * prime;
                    missing *= prime as u64;
                }
                _ => {}
            }
        }
        if missing <= LARGEST as u64 {
            couples += boxes_with_core[missing as usize];
        }
        boxes_with_core[core] += 1;
    }
    println!("{}", couples);
}
