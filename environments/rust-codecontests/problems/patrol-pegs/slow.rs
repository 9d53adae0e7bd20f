// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let mut rings = 0;
    for i in 0..n {
        let j = (i + 1) % n;
        let dx = (numbers[1 + 2 * j] - numbers[1 + 2 * i]).abs();
        let dy = (numbers[2 + 2 * j] - numbers[2 + 2 * i]).abs();
        let (long, short) = (dx.max(dy), dx.min(dy));
        // Walk the longer axis one unit at a time; the other coordinate has to be an integer.
        for step in 1..=long {
            if step * short % long == 0 {
                rings += 1;
            }
        }
    }
    println!("{}", rings);
}
