// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let tiles: Vec<char> = line.trim().chars().collect();
    let n = tiles.len();
    let mut best = (n, n);
    for block in 1..n {
        if (block..n).all(|i| tiles[i] == tiles[i - block]) {
            let mut total = 2 * block;
            while total < n {
                total += block;
            }
            if total - n < best.0 {
                best = (total - n, block);
            }
        }
    }
    println!("{} {}", best.0, best.1);
}
