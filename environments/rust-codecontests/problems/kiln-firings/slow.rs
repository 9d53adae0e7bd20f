// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let pots: Vec<(usize, usize)> = (0..n).map(|i| (v[2 + 2 * i], v[3 + 2 * i])).collect();
    let mut fired = vec![false; n];
    let mut firings = 0;
    while let Some(urgent) = (0..n).filter(|&i| !fired[i]).min_by_key(|&i| pots[i].1) {
        let temperature = pots[urgent].1;
        firings += 1;
        for _ in 0..k {
            let fitting = (0..n).filter(|&i| !fired[i] && pots[i].0 <= temperature);
            match fitting.min_by_key(|&i| pots[i].1) {
                Some(i) => fired[i] = true,
                None => break,
            }
        }
    }
    println!("{}", firings);
}
