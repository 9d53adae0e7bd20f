// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

// Pairs an entry that reads the same both ways with itself.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut pairs: u64 = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        *seen.entry(word.to_string()).or_insert(0) += 1;
        let backwards: String = word.chars().rev().collect();
        pairs += seen.get(&backwards).unwrap_or(&0);
    }
    println!("{}", pairs);
}
