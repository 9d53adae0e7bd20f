// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io;

// Forgets the empty beginning, so a stretch that starts at the first package is never found.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let mut first: HashMap<i64, usize> = HashMap::new();
    let mut balance = 0;
    let (mut best, mut start) = (0, 0);
    for (i, c) in line.trim().chars().enumerate() {
        if c == 'S' {
            balance += 1;
        } else if c == 'T' {
            balance -= 2;
        }
        let place = *first.entry(balance).or_insert(i + 1);
        if i + 1 - place > best {
            best = i + 1 - place;
            start = place;
        }
    }
    if best == 0 {
        println!("0");
    } else {
        println!("{} {}", best, start + 1);
    }
}
