// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[1]);
    // Ways that end in exactly one bead, or in exactly two beads, of each colour.
    let mut one = vec![0; k + 1];
    let mut two = vec![0; k + 1];
    let mut total = 1;
    for i in 0..n {
        let given = numbers[2 + i];
        let mut sum = 0;
        for colour in 1..=k {
            let (single, double) = (one[colour], two[colour]);
            if given == 0 || given == colour {
                two[colour] = single;
                one[colour] = (total + 2 * MODULUS - single - double) % MODULUS;
            } else {
                two[colour] = 0;
                one[colour] = 0;
            }
            sum += one[colour] + two[colour];
        }
        total = sum % MODULUS;
    }
    println!("{}", total);
}
