// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, a, b) = (numbers[0] as usize, numbers[1], numbers[2]);
    let weights = &numbers[3..];
    let mut hull: Vec<(i64, i64)> = Vec::new();
    let mut head = 0;
    let mut sum = 0;
    let mut cost = 0;
    for &weight in &weights[..n] {
        let line = (-2 * sum, cost + a + b * weight + sum * sum);
        // The newest of several lines with one slope is the one that counts.
        if hull.len() > head && hull[hull.len() - 1].0 == line.0 {
            hull.pop();
        }
        while hull.len() >= head + 2 {
            let (first, second) = (hull[hull.len() - 2], hull[hull.len() - 1]);
            let left = (line.1 - first.1) as i128 * (first.0 - second.0) as i128;
            let right = (second.1 - first.1) as i128 * (first.0 - line.0) as i128;
            if left > right {
                break;
            }
            hull.pop();
        }
        hull.push(line);
        sum += weight;
        while hull.len() >= head + 2
            && hull[head + 1].0 * sum + hull[head + 1].1 <= hull[head].0 * sum + hull[head].1
        {
            head += 1;
        }
        cost = hull[head].0 * sum + hull[head].1 + sum * sum;
    }
    println!("{}", cost);
}
