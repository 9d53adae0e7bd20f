// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let left_count = numbers[0] as usize;
    let tolerance = numbers[2];
    let mut lefts = numbers[3..3 + left_count].to_vec();
    let mut rights = numbers[3 + left_count..].to_vec();
    lefts.sort_unstable();
    rights.sort_unstable();
    let (mut left, mut right, mut pairs) = (0, 0, 0);
    while left < lefts.len() && right < rights.len() {
        if lefts[left] + tolerance < rights[right] {
            left += 1;
        } else if rights[right] + tolerance < lefts[left] {
            right += 1;
        } else {
            pairs += 1;
            left += 1;
            right += 1;
        }
    }
    println!("{}", pairs);
}
