// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: i64 = 1_000_000_007;

/// Number of pairs (a, b) with 0 <= a < left, 0 <= b < right and a + b + 1 <= length.
fn stretches_up_to(length: i64, left: i64, right: i64) -> i64 {
    let triangle = |side: i64| if side > 0 { side * (side + 1) / 2 } else { 0 };
    triangle(length) - triangle(length - left) - triangle(length - right) + triangle(length - left - right)
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (shortest, longest) = (numbers[1], numbers[2]);
    let values = &numbers[3..];
    let count = values.len();

    // The stretches whose first largest value is at a place reach back to a larger or equal value
    // and forward to a larger one.
    let mut left = vec![0; count];
    let mut right = vec![0; count];
    let mut stack: Vec<usize> = Vec::new();
    for place in 0..count {
        while let Some(&top) = stack.last() {
            if values[top] >= values[place] {
                break;
            }
            right[top] = (place - top) as i64;
            stack.pop();
        }
        left[place] = stack.last().map_or(place + 1, |&top| place - top) as i64;
        stack.push(place);
    }
    for place in stack {
        right[place] = (count - place) as i64;
    }

    let mut total = 0;
    for place in 0..count {
        let stretches = stretches_up_to(longest, left[place], right[place])
            - stretches_up_to(shortest - 1, left[place], right[place]);
        total = (total + stretches % MODULUS * (values[place] % MODULUS)) % MODULUS;
    }
    println!("{}", total);
}
