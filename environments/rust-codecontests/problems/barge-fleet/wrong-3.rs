// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, a, b) = (numbers[0] as usize, numbers[1], numbers[2]);
    let mut sums = vec![0; n + 1];
    for i in 0..n {
        sums[i + 1] = sums[i] + numbers[3 + i];
    }
    let mut cost = vec![0; n + 1];
    // The best beginning of the last barge moves forwards together with its end.
    let mut start = 0;
    for j in 1..=n {
        let price = |i: usize| cost[i] + a + b * numbers[3 + i] + (sums[j] - sums[i]) * (sums[j] - sums[i]);
        while start + 1 < j && price(start + 1) <= price(start) {
            start += 1;
        }
        let best = price(start);
        cost[j] = best;
    }
    println!("{}", cost[n]);
}
