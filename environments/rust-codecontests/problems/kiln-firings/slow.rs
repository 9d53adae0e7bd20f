// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, k) = (v[0], v[1]);
    let mut left: Vec<(usize, usize)> = (0..n).map(|i| (v[2 + 2 * i], v[3 + 2 * i])).collect();
    let mut firings = 0;
    while !left.is_empty() {
        let temperature = left.iter().map(|pot| pot.1).min().unwrap();
        let (mut fitting, mut rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|pot| pot.0 <= temperature);
        fitting.sort_by_key(|pot| (pot.1, pot.0));
        rest.extend(fitting.into_iter().skip(k));
        rest.reverse();
        left = rest;
        firings += 1;
    }
    println!("{}", firings);
}
