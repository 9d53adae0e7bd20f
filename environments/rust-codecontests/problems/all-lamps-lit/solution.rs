// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    for _ in 0..numbers.next().unwrap() {
        let lamps = numbers.next().unwrap();
        let time = numbers.next().unwrap();
        // The least common multiple so far, or none once it is later than the last second.
        let mut common = Some(1u64);
        for _ in 0..lamps {
            let period = numbers.next().unwrap();
            common = common.and_then(|value| {
                let factor = period / greatest_common_divisor(value, period);
                value.checked_mul(factor).filter(|&product| product <= time)
            });
        }
        println!("{}", common.map_or(0, |value| time / value));
    }
}
