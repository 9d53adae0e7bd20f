// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[2]);
    let mut lines = vec![Vec::new(); n + 1];
    for line in numbers[3..].chunks(3) {
        lines[line[0]].push((line[1], line[2] as u64));
        lines[line[1]].push((line[0], line[2] as u64));
    }
    let states = (n + 1) * (k + 1);
    let mut least = vec![u64::MAX; states];
    let mut done = vec![false; states];
    least[(k + 1) + k] = 0;
    loop {
        // The cheapest state that is not settled yet.
        let mut nearest = None;
        for state in 0..states {
            if !done[state] && least[state] < nearest.map_or(u64::MAX, |other: usize| least[other]) {
                nearest = Some(state);
            }
        }
        let state = match nearest {
            Some(state) => state,
            None => break,
        };
        done[state] = true;
        let (town, left) = (state / (k + 1), state % (k + 1));
        for &(to, fare) in &lines[town] {
            if left == k || left == 0 {
                let next = to * (k + 1) + left;
                least[next] = least[next].min(least[state] + fare);
            }
            if left > 0 {
                let next = to * (k + 1) + left - 1;
                least[next] = least[next].min(least[state] + fare / 2);
            }
        }
    }
    let best = least[n * (k + 1)..].iter().min().unwrap();
    println!("{}", if *best == u64::MAX { -1 } else { *best as i64 });
}
