// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

struct Cave {
    moth: Vec<bool>,
    tunnels: Vec<Vec<(usize, u64)>>,
    removed: Vec<bool>,
    d: u64,
}

impl Cave {
    /// The chambers of a part as (chamber, index of the one it was found from, feet from `start`), `start` first.
    fn explore(&self, start: usize, feet: u64) -> Vec<(usize, usize, u64)> {
        let mut found = vec![(start, usize::MAX, feet)];
        let mut next = 0;
        while next < found.len() {
            let (chamber, from, feet) = found[next];
            let before = if from == usize::MAX { usize::MAX } else { found[from].0 };
            for &(to, length) in &self.tunnels[chamber] {
                if to != before && !self.removed[to] {
                    found.push((to, next, feet + length));
                }
            }
            next += 1;
        }
        found
    }

    /// A chamber of a part whose removal leaves pieces of at most half the part.
    fn centroid(&self, part: &[(usize, usize, u64)]) -> usize {
        let mut size = vec![1; part.len()];
        for i in (1..part.len()).rev() {
            if 2 * size[i] >= part.len() {
                return part[i].0;
            }
            size[part[i].1] += size[i];
        }
        part[0].0
    }

    /// The pairs of a lantern and a moth whose feet add up to at most `d`.
    fn pairs(&self, part: &[(usize, usize, u64)]) -> i64 {
        let feet_of = |moth: bool| {
            let mut feet: Vec<u64> =
                part.iter().filter(|found| self.moth[found.0] == moth).map(|found| found.2).collect();
            feet.sort_unstable();
            feet
        };
        let moths = feet_of(true);
        let mut near = moths.len();
        let mut pairs = 0;
        for feet in feet_of(false) {
            while near > 0 && moths[near - 1] + feet > self.d {
                near -= 1;
            }
            pairs += near as i64;
        }
        pairs
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace();
    let n: usize = tokens.next().unwrap().parse().unwrap();
    let d: u64 = tokens.next().unwrap().parse().unwrap();
    let moth: Vec<bool> = tokens.next().unwrap().bytes().map(|letter| letter == b'M').collect();
    let mut tunnels = vec![Vec::new(); n];
    for _ in 1..n {
        let u = tokens.next().unwrap().parse::<usize>().unwrap() - 1;
        let v = tokens.next().unwrap().parse::<usize>().unwrap() - 1;
        let length: u64 = tokens.next().unwrap().parse().unwrap();
        tunnels[u].push((v, length));
        tunnels[v].push((u, length));
    }
    let mut cave = Cave { moth, tunnels, removed: vec![false; n], d };
    let mut total = 0;
    let mut starts = vec![0];
    while let Some(start) = starts.pop() {
        let middle = cave.centroid(&cave.explore(start, 0));
        // All pairs by way of the middle, less those whose way turns back inside one piece.
        total += cave.pairs(&cave.explore(middle, 0));
        cave.removed[middle] = true;
        for &(to, _) in &cave.tunnels[middle] {
            if !cave.removed[to] {
                total -= cave.pairs(&cave.explore(to, 0));
                starts.push(to);
            }
        }
    }
    println!("{}", total);
}
