// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Fills each firing in order of the upper limits and closes it at the first pot that does not fit.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let mut pots: Vec<(usize, usize)> = (0..n).map(|i| (v[3 + 2 * i], v[2 + 2 * i])).collect();
    pots.sort();
    let mut firings = 0;
    let mut i = 0;
    while i < n {
        let temperature = pots[i].0;
        let mut loaded = 0;
        while i < n && loaded < k && pots[i].1 <= temperature {
            loaded += 1;
            i += 1;
        }
        firings += 1;
    }
    println!("{}", firings);
}
