// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// For each stake the sum of distances to the stakes beyond it on its line, by decreasing `along`.
fn distances(stakes: &[(usize, usize)], lines: usize) -> Vec<u64> {
    let mut order: Vec<usize> = (0..stakes.len()).collect();
    order.sort_unstable_by_key(|&i| std::cmp::Reverse(stakes[i].1));
    let mut count = vec![0; lines];
    let mut sum = vec![0; lines];
    let mut result = vec![0; stakes.len()];
    for i in order {
        let (line, along) = stakes[i];
        result[i] = sum[line] - count[line] * along as u64;
        count[line] += 1;
        sum[line] += along as u64;
    }
    result
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let east: Vec<(usize, usize)> = numbers[1..].chunks(2).map(|pair| (pair[1], pair[0])).collect();
    let north: Vec<(usize, usize)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let lines = 30_001;
    let widths = distances(&east, lines);
    let heights = distances(&north, lines);
    let total: u64 = widths.iter().zip(&heights).map(|(width, height)| width * height).sum();
    println!("{}", total);
}
