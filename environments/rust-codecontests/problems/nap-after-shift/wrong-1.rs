// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let mut shifts: Vec<(i32, i32, i32)> =
        numbers[1..].chunks(3).map(|shift| (shift[0], shift[1], shift[2])).collect();
    shifts.sort_unstable();
    let n = shifts.len();
    let mut best = vec![0i32; n + 1];
    for i in (0..n).rev() {
        let (start, end, pay) = shifts[i];
        let awake = end as i64 + 2 * (end - start) as i64;
        let next = shifts.partition_point(|shift| (shift.0 as i64) < awake);
        best[i] = best[i + 1].max(best[next].wrapping_add(pay));
    }
    println!("{}", best[0]);
}
