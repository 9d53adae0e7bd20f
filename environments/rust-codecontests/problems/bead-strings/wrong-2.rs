// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[1]);
    let mut one = vec![0; k + 1];
    let mut two = vec![0; k + 1];
    let mut total = 1;
    for i in 0..n {
        let given = numbers[2 + i];
        if given > 0 {
            // A given bead starts a new run.
            one = vec![0; k + 1];
            two = vec![0; k + 1];
            one[given] = total;
            continue;
        }
        let mut sum = 0;
        for colour in 1..=k {
            let (single, double) = (one[colour], two[colour]);
            two[colour] = single;
            one[colour] = (total + 2 * MODULUS - single - double) % MODULUS;
            sum += one[colour] + two[colour];
        }
        total = sum % MODULUS;
    }
    println!("{}", total);
}
