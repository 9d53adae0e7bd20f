// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

const COLOURS: usize = 20;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    // How often every set of odd colours occurred among the beginnings of the string so far.
    let mut seen = vec![0u32; 1 << COLOURS];
    let mut odd = 0usize;
    let mut found = 0u64;
    seen[0] = 1;
    for bead in line.trim().bytes() {
        odd ^= 1 << (bead - b'a');
        for colour in 0..COLOURS {
            found += u64::from(seen[odd ^ (1 << colour)]);
        }
        seen[odd] += 1;
    }
    println!("{}", found);
}
