// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace().skip(1);
    let mut tower: Vec<u32> = Vec::new();
    let mut seen: Vec<u32> = Vec::new();
    let mut out = String::new();
    while let Some(token) = tokens.next() {
        if token == "+" {
            let width = tokens.next().unwrap().parse().unwrap();
            tower.push(width);
            while !seen.is_empty() && seen[seen.len() - 1] <= width {
                seen.pop();
            }
            seen.push(width);
        } else if token == "-" {
            tower.pop();
            seen.pop();
            // The new topmost crate is always seen.
            if let Some(&top) = tower.last() {
                if seen.last() != Some(&top) {
                    seen.push(top);
                }
            }
        } else {
            out.push_str(&format!("{}\n", seen.len()));
        }
    }
    print!("{}", out);
}
