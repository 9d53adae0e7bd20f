// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let tokens: Vec<&str> = text.split_ascii_whitespace().collect();
    let n: usize = tokens[0].parse().unwrap();
    let d: u64 = tokens[1].parse().unwrap();
    let kinds = tokens[2].as_bytes();
    let mut tunnels = vec![Vec::new(); n];
    for tunnel in tokens[3..].chunks(3) {
        let u = tunnel[0].parse::<usize>().unwrap() - 1;
        let v = tunnel[1].parse::<usize>().unwrap() - 1;
        let length: u64 = tunnel[2].parse().unwrap();
        tunnels[u].push((v, length));
        tunnels[v].push((u, length));
    }
    // From every lantern through the whole cave.
    let mut pairs: u64 = 0;
    for lantern in (0..n).filter(|&chamber| kinds[chamber] == b'L') {
        let mut stack = vec![(lantern, usize::MAX, 0)];
        while let Some((chamber, from, feet)) = stack.pop() {
            if kinds[chamber] == b'M' && feet <= d {
                pairs += 1;
            }
            for &(to, length) in &tunnels[chamber] {
                if to != from {
                    stack.push((to, chamber, feet + length));
                }
            }
        }
    }
    println!("{}", pairs);
}
