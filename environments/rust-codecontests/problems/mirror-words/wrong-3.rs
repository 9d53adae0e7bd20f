// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

// Takes any two words of the same letters for mirror words, but tells words from their equals.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut by_letters: HashMap<Vec<char>, u64> = HashMap::new();
    let mut equal: HashMap<String, u64> = HashMap::new();
    let mut pairs: u64 = 0;
    for word in text.split_ascii_whitespace().skip(1) {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort();
        let palindrome = word.chars().eq(word.chars().rev());
        let same = equal.entry(word.to_string()).or_insert(0);
        let all = by_letters.entry(letters).or_insert(0);
        pairs += if palindrome { *same } else { *all - *same };
        *same += 1;
        *all += 1;
    }
    println!("{}", pairs);
}
