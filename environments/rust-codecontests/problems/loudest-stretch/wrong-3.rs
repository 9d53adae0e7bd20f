// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::VecDeque;
use std::io::{self, Read};

// Adds the loudest value of the last r minutes for every end, times the number of lengths.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<u64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, l, r) = (v[0] as usize, v[1] as usize, v[2] as usize);
    let a = &v[3..];
    let mut window: VecDeque<usize> = VecDeque::new();
    let mut total = 0;
    for end in 0..n {
        while !window.is_empty() && a[*window.back().unwrap()] <= a[end] {
            window.pop_back();
        }
        window.push_back(end);
        if window[0] + r <= end {
            window.pop_front();
        }
        if end + 1 >= l {
            let lengths = (r.min(end + 1) - l + 1) as u64;
            total = (total + a[window[0]] * lengths) % 1_000_000_007;
        }
    }
    println!("{}", total);
}
