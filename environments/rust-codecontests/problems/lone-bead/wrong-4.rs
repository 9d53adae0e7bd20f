// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Also counts segments in which no colour is odd.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let mut seen = vec![0u64; 1 << 20];
    seen[0] = 1;
    let mut odd = 0usize;
    let mut found = 0u64;
    for bead in line.trim().bytes() {
        odd ^= 1 << (bead - b'a');
        found += seen[odd];
        for colour in 0..20 {
            found += seen[odd ^ (1 << colour)];
        }
        seen[odd] += 1;
    }
    println!("{}", found);
}
