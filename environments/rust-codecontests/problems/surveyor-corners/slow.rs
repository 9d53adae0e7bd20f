// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let stakes: Vec<(i64, i64)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let mut total = 0;
    for &(x, y) in &stakes {
        let mut width = 0;
        let mut height = 0;
        for &(other_x, other_y) in &stakes {
            if other_y == y && other_x > x {
                width += other_x - x;
            }
            if other_x == x && other_y > y {
                height += other_y - y;
            }
        }
        total += width * height;
    }
    println!("{}", total);
}
