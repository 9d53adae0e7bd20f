// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn borders(s: &[u8]) -> Vec<usize> {
    let mut border = vec![0; s.len() + 1];
    let mut k = 0;
    for i in 1..s.len() {
        while k > 0 && s[i] != s[k] {
            k = border[k];
        }
        if s[i] == s[k] {
            k += 1;
        }
        border[i + 1] = k;
    }
    border
}

// Adds only what completes two blocks, never three or more.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let s = line.trim().as_bytes();
    let n = s.len();
    let border = borders(s);
    let mut best = (n, n);
    let mut k = border[n];
    while k > 0 {
        let block = n - k;
        if 2 * block >= n {
            best = best.min((2 * block - n, block));
        }
        k = border[k];
    }
    println!("{} {}", best.0, best.1);
}
