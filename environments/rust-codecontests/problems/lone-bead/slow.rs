// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let beads: Vec<usize> = line.trim().bytes().map(|b| (b - b'a') as usize).collect();
    let mut found: u64 = 0;
    for start in 0..beads.len() {
        let mut odd = [false; 20];
        let mut odd_colours = 0;
        for end in start..beads.len() {
            odd[beads[end]] = !odd[beads[end]];
            if odd[beads[end]] {
                odd_colours += 1;
            } else {
                odd_colours -= 1;
            }
            if odd_colours == 1 {
                found += 1;
            }
        }
    }
    println!("{}", found);
}
