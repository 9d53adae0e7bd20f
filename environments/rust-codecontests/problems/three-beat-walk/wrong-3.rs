// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::VecDeque;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let n = numbers[0];
    let mut leaving = vec![Vec::new(); n + 1];
    for lane in numbers[2..].chunks(2) {
        leaving[lane[0]].push(lane[1]);
    }
    let mut lanes = vec![[-1i64; 3]; n + 1];
    lanes[1][0] = 0;
    let mut queue = VecDeque::from([(1, 0)]);
    while let Some((square, beat)) = queue.pop_front() {
        // The walk ends in square n.
        if square == n {
            continue;
        }
        for &next in &leaving[square] {
            let to = (beat + 1) % 3;
            if lanes[next][to] < 0 {
                lanes[next][to] = lanes[square][beat] + 1;
                queue.push_back((next, to));
            }
        }
    }
    println!("{}", lanes[n][0]);
}
