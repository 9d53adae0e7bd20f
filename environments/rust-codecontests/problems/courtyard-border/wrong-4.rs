// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Divides in floating point, which is not exact for large courtyards.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|x| x.parse().unwrap()).collect();
    for c in v.chunks(5) {
        let grey = (c[0] - 2 * c[2]).max(0) * (c[1] - 2 * c[2]).max(0);
        let red = c[0] * c[1] - grey;
        let packs = |stones: i64, pack: i64| (stones as f64 / pack as f64).ceil() as i64;
        println!("{} {}", packs(red, c[3]), packs(grey, c[4]));
    }
}
