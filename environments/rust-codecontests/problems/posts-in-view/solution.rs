// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn mark_visible(order: impl Iterator<Item = usize>, heights: &[i64], visible: &mut [bool]) {
    let mut highest = i64::MIN;
    for index in order {
        if heights[index] > highest {
            highest = heights[index];
            visible[index] = true;
        }
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let heights: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    let mut visible = vec![false; heights.len()];
    mark_visible(0..heights.len(), &heights, &mut visible);
    mark_visible((0..heights.len()).rev(), &heights, &mut visible);
    println!("{}", visible.iter().filter(|&&seen| seen).count());
}
