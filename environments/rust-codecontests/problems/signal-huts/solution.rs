// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const SHIFT: i64 = 100_000;
const CELLS: usize = 200_001;

/// Counts of cells with sums over any beginning (a Fenwick tree).
struct Counts(Vec<i64>);

impl Counts {
    fn add(&mut self, cell: i64, amount: i64) {
        let mut i = cell as usize + 1;
        while i <= CELLS {
            self.0[i] += amount;
            i += i & i.wrapping_neg();
        }
    }

    /// The sum over all cells below `end`.
    fn below(&self, end: i64) -> i64 {
        let mut i = end.clamp(0, CELLS as i64) as usize;
        let mut sum = 0;
        while i > 0 {
            sum += self.0[i];
            i &= i - 1;
        }
        sum
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let d = numbers[1];
    // Turned by 45 degrees the huts within reach fill a square.
    let mut huts: Vec<(i64, i64)> =
        numbers[2..].chunks(2).map(|hut| (hut[0] + hut[1], hut[0] - hut[1] + SHIFT)).collect();
    huts.sort_unstable();
    let mut window = Counts(vec![0; CELLS + 1]);
    let mut oldest = 0;
    let mut pairs = 0;
    for &(along, across) in &huts {
        while along - huts[oldest].0 > d {
            window.add(huts[oldest].1, -1);
            oldest += 1;
        }
        pairs += window.below(across + d + 1) - window.below(across - d);
        window.add(across, 1);
    }
    println!("{}", pairs);
}
