// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut words = text.split_ascii_whitespace();
    let top: i64 = words.next().unwrap().parse().unwrap();
    let mut floor: i64 = words.next().unwrap().parse().unwrap();
    words.next();
    let mut opened: Vec<i64> = Vec::new();
    while let Some(command) = words.next() {
        if command == "O" {
            if !opened.contains(&floor) {
                opened.push(floor);
            }
            continue;
        }
        let distance: i64 = words.next().unwrap().parse().unwrap();
        for _ in 0..distance {
            if command == "U" && floor < top {
                floor += 1;
            } else if command == "D" && floor > 0 {
                floor -= 1;
            }
        }
    }
    println!("{} {}", floor, opened.len());
}
