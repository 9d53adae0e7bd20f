// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let mut stakes: Vec<(i64, i64)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    stakes.sort_unstable();
    stakes.reverse();
    // The nearest stake to the east and the nearest one to the north.
    let mut east: HashMap<i64, i64> = HashMap::new();
    let mut north: HashMap<i64, i64> = HashMap::new();
    let mut total = 0;
    for &(x, y) in &stakes {
        if let (Some(other_x), Some(other_y)) = (east.get(&y), north.get(&x)) {
            total += (other_x - x) * (other_y - y);
        }
        east.insert(y, x);
        north.insert(x, y);
    }
    println!("{}", total);
}
