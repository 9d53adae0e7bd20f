// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::VecDeque;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<usize>().unwrap());
    let n = numbers.next().unwrap();
    let m = numbers.next().unwrap();
    let mut leaving = vec![Vec::new(); n];
    for _ in 0..m {
        let u = numbers.next().unwrap() - 1;
        let v = numbers.next().unwrap() - 1;
        leaving[u].push(v);
    }
    // A state is a square together with the beat, 3 * square + beat.
    let mut lanes = vec![-1i64; 3 * n];
    lanes[0] = 0;
    let mut queue = VecDeque::from([0]);
    while let Some(state) = queue.pop_front() {
        let (square, beat) = (state / 3, state % 3);
        for &next in &leaving[square] {
            let to = 3 * next + (beat + 1) % 3;
            if lanes[to] < 0 {
                lanes[to] = lanes[state] + 1;
                queue.push_back(to);
            }
        }
    }
    println!("{}", lanes[3 * (n - 1)]);
}
