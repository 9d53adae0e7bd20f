// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, k) = (numbers[0], numbers[1] as u64);
    let given = &numbers[2..];
    // The number of choices for one place after another.
    let mut same = 0;
    let mut different = 1;
    for i in 0..n {
        let before = if i == 0 { 0 } else { given[i - 1] };
        let (next_same, next_different) = if given[i] == 0 {
            let choices = if i == 0 { k } else { k - 1 };
            (if i == 0 { 0 } else { different }, (same + different) * choices % MODULUS)
        } else if given[i] == before {
            (different, 0)
        } else {
            (0, (same + different) % MODULUS)
        };
        same = next_same;
        different = next_different;
    }
    println!("{}", (same + different) % MODULUS);
}
