// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut seen: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut pairs = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        let backwards: Vec<u8> = word.bytes().rev().collect();
        pairs += seen.get(&backwards).copied().unwrap_or(0);
        *seen.entry(word.as_bytes().to_vec()).or_insert(0) += 1;
    }
    println!("{}", pairs);
}
