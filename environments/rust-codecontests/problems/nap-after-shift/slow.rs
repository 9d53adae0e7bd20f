// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// The most that the shifts from `i` on can earn, in order of their beginning.
fn best(shifts: &[(i64, i64, i64)], i: usize) -> i64 {
    if i == shifts.len() {
        return 0;
    }
    let (start, end, pay) = shifts[i];
    let awake = end + 2 * (end - start);
    let mut next = i + 1;
    while next < shifts.len() && shifts[next].0 < awake {
        next += 1;
    }
    (pay + best(shifts, next)).max(best(shifts, i + 1))
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let mut shifts: Vec<(i64, i64, i64)> =
        numbers[1..].chunks(3).map(|shift| (shift[0], shift[1], shift[2])).collect();
    shifts.sort_unstable();
    println!("{}", best(&shifts, 0));
}
