// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<u64>().unwrap());
    let n = numbers.next().unwrap() as usize;
    let mut to = vec![0; n];
    let mut spring = vec![0; n];
    let mut left = vec![0; n];
    for i in 0..n {
        if i > 0 {
            to[i] = numbers.next().unwrap() as usize - 1;
        }
        spring[i] = numbers.next().unwrap();
        left[i] = numbers.next().unwrap();
    }
    // Each spring in turn fills what the beds on its way to the sea have left.
    let mut sea = 0;
    for i in 0..n {
        let mut amount = spring[i].min(left[0]);
        let mut station = i;
        while station != 0 {
            amount = amount.min(left[station]);
            station = to[station];
        }
        station = i;
        while station != 0 {
            left[station] -= amount;
            station = to[station];
        }
        left[0] -= amount;
        sea += amount;
    }
    println!("{} {}", sea, spring.iter().sum::<u64>() - sea);
}
