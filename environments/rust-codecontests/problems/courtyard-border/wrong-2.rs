// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Computes in 32 bits.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let v: Vec<i32> = text.split_ascii_whitespace().skip(1).map(|x| x.parse().unwrap()).collect();
    for c in v.chunks(5) {
        let inner_width = c[0].wrapping_sub(c[2].wrapping_mul(2)).max(0);
        let inner_length = c[1].wrapping_sub(c[2].wrapping_mul(2)).max(0);
        let grey = inner_width.wrapping_mul(inner_length);
        let red = c[0].wrapping_mul(c[1]).wrapping_sub(grey);
        println!(
            "{} {}",
            red.wrapping_add(c[3] - 1) / c[3],
            grey.wrapping_add(c[4] - 1) / c[4]
        );
    }
}
