// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i32> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let mut stakes: Vec<(i32, i32)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    // From the north-east to the south-west, so that all stakes beyond a stake come before it.
    stakes.sort_unstable();
    stakes.reverse();
    let mut rows: HashMap<i32, (i32, i32)> = HashMap::new();
    let mut columns: HashMap<i32, (i32, i32)> = HashMap::new();
    let mut total: i64 = 0;
    for &(x, y) in &stakes {
        let row = rows.entry(y).or_insert((0, 0));
        let column = columns.entry(x).or_insert((0, 0));
        let width = row.1.wrapping_sub(row.0.wrapping_mul(x));
        let height = column.1.wrapping_sub(column.0.wrapping_mul(y));
        total += width.wrapping_mul(height) as i64;
        *row = (row.0 + 1, row.1.wrapping_add(x));
        *column = (column.0 + 1, column.1.wrapping_add(y));
    }
    println!("{}", total);
}
