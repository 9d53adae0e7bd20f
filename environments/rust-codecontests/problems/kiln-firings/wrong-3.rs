// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Finds the temperatures as if the kiln had no limit, then splits what each of them got.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let mut pots: Vec<(usize, usize)> = (0..n).map(|i| (v[3 + 2 * i], v[2 + 2 * i])).collect();
    pots.sort();
    let mut firings = 0;
    let mut temperature = 0;
    let mut group = 0;
    for (high, low) in pots {
        if low > temperature {
            firings += (group + k - 1) / k;
            group = 0;
            temperature = high;
        }
        group += 1;
    }
    println!("{}", firings + (group + k - 1) / k);
}
