// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Remembers only the floor of the last opening.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut words = text.split_ascii_whitespace();
    let top: i64 = words.next().unwrap().parse().unwrap();
    let mut floor: i64 = words.next().unwrap().parse().unwrap();
    words.next();
    let mut last = -1;
    let mut opened = 0;
    while let Some(command) = words.next() {
        if command == "O" {
            if floor != last {
                opened += 1;
                last = floor;
            }
            continue;
        }
        let k: i64 = words.next().unwrap().parse().unwrap();
        if command == "U" {
            floor = (floor + k).min(top);
        } else {
            floor = (floor - k).max(0);
        }
    }
    println!("{} {}", floor, opened);
}
