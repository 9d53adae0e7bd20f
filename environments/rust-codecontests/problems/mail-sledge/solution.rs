// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<usize>().unwrap());
    let n = numbers.next().unwrap();
    let k = numbers.next().unwrap();
    let mut trails = vec![Vec::new(); n];
    for _ in 1..n {
        let u = numbers.next().unwrap() - 1;
        let v = numbers.next().unwrap() - 1;
        let metres = numbers.next().unwrap() as u64;
        trails[u].push((v, metres));
        trails[v].push((u, metres));
    }
    let mut needed = vec![false; n];
    let mut depth = vec![0; n];
    let letters: Vec<usize> = numbers.take(k).map(|village| village - 1).collect();
    for &village in &letters {
        needed[village] = true;
    }
    let mut up = vec![(0, 0); n];
    let mut order = vec![0];
    for next in 0..n {
        let village = order[next];
        for &(to, metres) in &trails[village] {
            if to != up[village].0 || village == 0 {
                up[to] = (village, metres);
                depth[to] = depth[village] + metres;
                order.push(to);
            }
        }
    }
    // Every trail with a letter below it is used twice, but for the way to the last village.
    let mut twice = 0;
    for &village in order[1..].iter().rev() {
        if needed[village] {
            needed[up[village].0] = true;
            twice += 2 * up[village].1;
        }
    }
    let farthest = letters.iter().map(|&village| depth[village]).max().unwrap();
    println!("{}", twice - farthest);
}
