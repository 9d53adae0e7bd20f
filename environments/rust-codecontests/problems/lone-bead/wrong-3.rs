// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

// Tells segments apart by their length: exactly one odd colour must mean an odd number of beads.
fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let n = line.trim().len() as u64;
    let mut colours: Vec<u8> = line.trim().bytes().collect();
    colours.sort();
    colours.dedup();
    let mut found = 0;
    let mut length = 1;
    while length <= n {
        found += n - length + 1;
        length += 2;
    }
    if colours.len() > 2 {
        // With more colours some of the odd segments have three odd colours.
        let beads = line.trim().as_bytes();
        for i in 2..beads.len() {
            if beads[i] != beads[i - 1] && beads[i] != beads[i - 2] && beads[i - 1] != beads[i - 2] {
                found -= 1;
            }
        }
    }
    println!("{}", found);
}
