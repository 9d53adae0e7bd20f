// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// Count the crates that are wider than every crate above them.
fn seen(tower: &[u32]) -> usize {
    let mut count = 0;
    let mut widest = 0;
    for &width in tower.iter().rev() {
        if width > widest {
            widest = width;
            count += 1;
        }
    }
    count
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace().skip(1);
    let mut tower: Vec<u32> = Vec::new();
    let mut count = 0;
    while let Some(token) = tokens.next() {
        match token {
            "+" => tower.push(tokens.next().unwrap().parse().unwrap()),
            "-" => drop(tower.pop()),
            _ => println!("{}", count),
        }
        if token != "?" {
            count = seen(&tower);
        }
    }
}
