// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let stakes: Vec<(i64, i64)> = numbers[1..].chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let mut rows: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut columns: HashMap<i64, Vec<i64>> = HashMap::new();
    for &(x, y) in &stakes {
        rows.entry(y).or_default().push(x);
        columns.entry(x).or_default().push(y);
    }
    // East of the first stake and south of it are both corners of a triangle.
    let mut total = 0;
    for &(x, y) in &stakes {
        let width: i64 = rows[&y].iter().filter(|&&other| other > x).map(|other| other - x).sum();
        let height: i64 = columns[&x].iter().map(|other| (other - y).abs()).sum();
        total += width * height;
    }
    println!("{}", total);
}
