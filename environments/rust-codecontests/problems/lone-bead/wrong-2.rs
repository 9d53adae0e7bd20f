// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io;

// Forgets the empty beginning.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let mut seen: HashMap<u32, u64> = HashMap::new();
    let mut odd = 0u32;
    let mut found = 0u64;
    for bead in line.trim().bytes() {
        odd ^= 1 << (bead - b'a');
        for colour in 0..20 {
            found += seen.get(&(odd ^ (1 << colour))).unwrap_or(&0);
        }
        *seen.entry(odd).or_insert(0) += 1;
    }
    println!("{}", found);
}
