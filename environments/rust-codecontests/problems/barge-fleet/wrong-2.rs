// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// Longer barges never pay off.
const LONGEST: usize = 40;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, a, b) = (numbers[0] as usize, numbers[1], numbers[2]);
    let weights = &numbers[3..];
    let mut cost = vec![i64::MAX; n + 1];
    cost[0] = 0;
    for j in 1..=n {
        let mut load = 0;
        for i in (j.saturating_sub(LONGEST)..j).rev() {
            load += weights[i];
            cost[j] = cost[j].min(cost[i] + a + b * weights[i] + load * load);
        }
    }
    println!("{}", cost[n]);
}
