// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<i32>().unwrap());
    let n = numbers.next().unwrap() as usize;
    let mut to = vec![0; n];
    let mut water = vec![0i32; n];
    let mut carries = vec![0i32; n];
    for i in 0..n {
        if i > 0 {
            to[i] = numbers.next().unwrap() as usize - 1;
        }
        water[i] = numbers.next().unwrap();
        carries[i] = numbers.next().unwrap();
    }
    let mut lost = 0i32;
    for i in (1..n).rev() {
        let flows = water[i].min(carries[i]);
        lost = lost.wrapping_add(water[i] - flows);
        water[to[i]] = water[to[i]].wrapping_add(flows);
    }
    let flows = water[0].min(carries[0]);
    println!("{} {}", flows, lost.wrapping_add(water[0] - flows));
}
