// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let packages = line.trim().as_bytes();
    let n = packages.len();
    // The balance, sugar minus twice the tea, lies between -2n and n.
    let mut first_place = vec![usize::MAX; 3 * n + 1];
    let mut balance = 2 * n;
    first_place[balance] = 0;
    let (mut best_length, mut best_start) = (0, 0);
    for (index, package) in packages.iter().enumerate() {
        match package {
            b'S' => balance += 1,
            b'T' => balance -= 2,
            _ => {}
        }
        let first = first_place[balance];
        if first == usize::MAX {
            first_place[balance] = index + 1;
        } else if index + 1 - first > best_length {
            best_length = index + 1 - first;
            best_start = first;
        }
    }
    if best_length == 0 {
        println!("0");
    } else {
        println!("{} {}", best_length, best_start + 1);
    }
}
