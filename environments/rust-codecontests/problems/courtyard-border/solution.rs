// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().skip(1).map(|word| word.parse().unwrap()).collect();
    for case in numbers.chunks(5) {
        let (width, length, thickness, red_pack, grey_pack) = (case[0], case[1], case[2], case[3], case[4]);
        let grey = (width - 2 * thickness).max(0) * (length - 2 * thickness).max(0);
        let red = width * length - grey;
        println!("{} {}", (red + red_pack - 1) / red_pack, (grey + grey_pack - 1) / grey_pack);
    }
}
