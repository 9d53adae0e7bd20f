// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<&str> = text.split_ascii_whitespace().skip(1).collect();
    let mut pairs: u64 = 0;
    for i in 0..words.len() {
        for j in 0..i {
            if words[i].chars().eq(words[j].chars().rev()) {
                pairs += 1;
            }
        }
    }
    println!("{}", pairs);
}
