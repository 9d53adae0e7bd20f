// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[1]);
    let fits = |place: usize, colour: usize| numbers[2 + place] == 0 || numbers[2 + place] == colour;
    let mut one: Vec<u64> = (0..=k).map(|colour| (colour > 0 && fits(0, colour)) as u64).collect();
    let mut two = vec![0u64; k + 1];
    for place in 1..n {
        let mut next_one = vec![0; k + 1];
        let mut next_two = vec![0; k + 1];
        for before in 1..=k {
            for colour in 1..=k {
                if before == colour && fits(place, colour) {
                    next_two[colour] = (next_two[colour] + one[before]) % MODULUS;
                } else if fits(place, colour) {
                    next_one[colour] = (next_one[colour] + one[before] + two[before]) % MODULUS;
                }
            }
        }
        one = next_one;
        two = next_two;
    }
    println!("{}", (one.iter().sum::<u64>() + two.iter().sum::<u64>()) % MODULUS);
}
