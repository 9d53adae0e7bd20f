// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0] as usize;
    let far = i32::MAX / 2;
    let mut short = vec![far; n + 1];
    let mut long = vec![far; n + 1];
    short[0] = 0;
    for i in 1..=n {
        for stride in 1..=2.min(i) {
            let before = short[i - stride].min(long[i - stride]);
            short[i] = short[i].min(before.wrapping_add(numbers[i]));
        }
        if i >= 3 {
            long[i] = short[i - 3].wrapping_add(numbers[i]);
        }
    }
    println!("{}", short[n].min(long[n]));
}
