// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Takes a pot whose lower limit is the temperature of the firing for one that does not fit.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let mut pots: Vec<(usize, usize)> = (0..n).map(|i| (v[3 + 2 * i], v[2 + 2 * i])).collect();
    pots.sort();
    let mut fired = vec![false; n];
    let mut firings = 0;
    for i in 0..n {
        if fired[i] {
            continue;
        }
        let mut loaded = 0;
        for j in i..n {
            if loaded < k && !fired[j] && (j == i || pots[j].1 < pots[i].0) {
                fired[j] = true;
                loaded += 1;
            }
        }
        firings += 1;
    }
    println!("{}", firings);
}
