// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Forgets that the border may be wider than the courtyard.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|x| x.parse().unwrap()).collect();
    for c in v.chunks(5) {
        let grey = (c[0] - 2 * c[2]) * (c[1] - 2 * c[2]);
        let red = c[0] * c[1] - grey;
        println!("{} {}", (red + c[3] - 1) / c[3], (grey + c[4] - 1) / c[4]);
    }
}
