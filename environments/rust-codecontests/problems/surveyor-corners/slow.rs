// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let stakes: Vec<(i64, i64)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let mut total = 0;
    for &(x, y) in &stakes {
        for &(east, _) in stakes.iter().filter(|other| other.1 == y && other.0 > x) {
            for &(_, north) in stakes.iter().filter(|other| other.0 == x && other.1 > y) {
                total += (east - x) * (north - y);
            }
        }
    }
    println!("{}", total);
}
