// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    // Sleep is part of the shift: (hour of waking, beginning, pay), the earliest waking first.
    let mut shifts: Vec<(i64, i64, i64)> =
        numbers[1..].chunks(3).map(|shift| (3 * shift[1] - 2 * shift[0], shift[0], shift[2])).collect();
    shifts.sort_unstable();
    let mut awake = 0;
    let mut earned = 0;
    let mut last_pay = 0;
    for &(wakes, start, pay) in &shifts {
        if start >= awake {
            earned += pay;
            awake = wakes;
            last_pay = pay;
        } else if pay > last_pay {
            earned += pay - last_pay;
            awake = wakes;
            last_pay = pay;
        }
    }
    println!("{}", earned);
}
