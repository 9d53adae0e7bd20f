// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace().skip(1);
    let mut tower: Vec<u32> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            "+" => tower.push(tokens.next().unwrap().parse().unwrap()),
            "-" => drop(tower.pop()),
            _ => {
                let seen = |&i: &usize| tower[i + 1..].iter().all(|&above| above < tower[i]);
                println!("{}", (0..tower.len()).filter(seen).count());
            }
        }
    }
}
