// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let tiles = line.trim().as_bytes();
    let n = tiles.len();
    // border[i]: the longest proper beginning of tiles[..i] that is also its end.
    let mut border = vec![0usize; n + 1];
    let mut matched = 0;
    for i in 1..n {
        while matched > 0 && tiles[i] != tiles[matched] {
            matched = border[matched];
        }
        if tiles[i] == tiles[matched] {
            matched += 1;
        }
        border[i + 1] = matched;
    }
    let mut best = (n, n);
    let mut length = border[n];
    while length > 0 {
        let block = n - length;
        let total = ((n + block - 1) / block * block).max(2 * block);
        best = best.min((total - n, block));
        length = border[length];
    }
    println!("{} {}", best.0, best.1);
}
