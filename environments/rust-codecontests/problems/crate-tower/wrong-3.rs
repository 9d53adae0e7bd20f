// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace().skip(1);
    // Each crate with the number of crates seen once it lies on top.
    let mut tower: Vec<(u32, usize)> = Vec::new();
    let mut out = String::new();
    while let Some(token) = tokens.next() {
        if token == "+" {
            let width: u32 = tokens.next().unwrap().parse().unwrap();
            let below = match tower.iter().rev().take(300).find(|crate_below| crate_below.0 > width) {
                Some(&(_, seen)) => seen,
                None => 0,
            };
            tower.push((width, below + 1));
        } else if token == "-" {
            tower.pop();
        } else {
            out += &format!("{}\n", tower.last().map_or(0, |top| top.1));
        }
    }
    print!("{}", out);
}
