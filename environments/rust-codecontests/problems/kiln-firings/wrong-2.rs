// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Groups neighbours in the order of the lower limits.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let mut pots: Vec<(usize, usize)> = (0..n).map(|i| (v[2 + 2 * i], v[3 + 2 * i])).collect();
    pots.sort();
    let mut firings = 0;
    let mut loaded = k;
    let mut highest = 0;
    for (low, high) in pots {
        if loaded == k || low > highest {
            firings += 1;
            loaded = 0;
            highest = high;
        }
        loaded += 1;
        highest = highest.min(high);
    }
    println!("{}", firings);
}
