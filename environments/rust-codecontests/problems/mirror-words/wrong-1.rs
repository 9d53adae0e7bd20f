// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashSet;
use std::io::{self, Read};

// Asks only whether the mirror word came before, not how often.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut seen: HashSet<String> = HashSet::new();
    let mut pairs: u64 = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        let backwards: String = word.chars().rev().collect();
        if seen.contains(&backwards) {
            pairs += 1;
        }
        seen.insert(word.to_string());
    }
    println!("{}", pairs);
}
