// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let packages: Vec<char> = line.trim().chars().collect();
    let (mut best, mut best_start) = (0, 0);
    for start in 0..packages.len() {
        let (mut sugar, mut tea) = (0, 0);
        for end in start..packages.len() {
            if packages[end] == 'S' {
                sugar += 1;
            }
            if packages[end] == 'T' {
                tea += 1;
            }
            if sugar == 2 * tea && end + 1 - start > best {
                best = end + 1 - start;
                best_start = start;
            }
        }
    }
    if best == 0 {
        println!("0");
    } else {
        println!("{} {}", best, best_start + 1);
    }
}
