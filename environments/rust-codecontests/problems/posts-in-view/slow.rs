// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let heights: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut count = 0;
    for i in 0..heights.len() {
        let mut in_the_way_left = Vec::new();
        let mut in_the_way_right = Vec::new();
        for j in 0..heights.len() {
            if heights[j] >= heights[i] && j < i {
                in_the_way_left.push(j);
            }
            if heights[j] >= heights[i] && j > i {
                in_the_way_right.push(j);
            }
        }
        if in_the_way_left.is_empty() || in_the_way_right.is_empty() {
            count += 1;
        }
    }
    println!("{}", count);
}
