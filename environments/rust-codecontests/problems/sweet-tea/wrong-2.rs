// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Leaves room for balances from -n to n only.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let packages = line.trim().as_bytes();
    let n = packages.len();
    let mut first = vec![usize::MAX; 2 * n + 1];
    let mut balance = n as i64;
    first[n] = 0;
    let (mut best, mut start) = (0, 0);
    for (i, c) in packages.iter().enumerate() {
        if *c == b'S' {
            balance += 1;
        } else if *c == b'T' {
            balance -= 2;
        }
        let place = balance as usize;
        if first[place] == usize::MAX {
            first[place] = i + 1;
        } else if i + 1 - first[place] > best {
            best = i + 1 - first[place];
            start = first[place];
        }
    }
    if best == 0 {
        println!("0");
    } else {
        println!("{} {}", best, start + 1);
    }
}
