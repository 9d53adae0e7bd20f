// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Counts a post as high as the highest so far.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let heights: Vec<i32> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let n = heights.len();
    let mut visible = vec![false; n];
    let mut highest = i32::MIN;
    for i in 0..n {
        if heights[i] >= highest {
            highest = heights[i];
            visible[i] = true;
        }
    }
    highest = i32::MIN;
    for i in (0..n).rev() {
        if heights[i] >= highest {
            highest = heights[i];
            visible[i] = true;
        }
    }
    println!("{}", visible.iter().filter(|&&v| v).count());
}
