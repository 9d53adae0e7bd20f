// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const FAR: i64 = i64::MAX / 4;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    // short[i]: step i reached by one or two steps; long[i]: by three.
    let mut short = vec![FAR; n + 1];
    let mut long = vec![FAR; n + 1];
    short[0] = 0;
    for i in 1..=n {
        let toll = numbers[i];
        for stride in 1..=2.min(i) {
            short[i] = short[i].min(short[i - stride].min(long[i - stride]) + toll);
        }
        if i >= 3 {
            long[i] = short[i - 3] + toll;
        }
    }
    println!("{}", short[n].min(long[n]));
}
