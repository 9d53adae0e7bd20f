// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 {
        a
    } else {
        gcd(b, a % b)
    }
}

// Divides the product of all periods by their common divisor, which is right for two lamps only.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u128>().unwrap());
    for _ in 0..numbers.next().unwrap() {
        let n = numbers.next().unwrap();
        let t = numbers.next().unwrap();
        let mut product: u128 = 1;
        let mut divisor = 0;
        for _ in 0..n {
            let p = numbers.next().unwrap();
            product = product.saturating_mul(p);
            divisor = gcd(divisor, p);
        }
        let lcm = if n == 1 { divisor } else { product / divisor };
        println!("{}", t / lcm);
    }
}
