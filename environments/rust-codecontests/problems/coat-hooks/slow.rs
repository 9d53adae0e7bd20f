// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace();
    let n: usize = tokens.next().unwrap().parse().unwrap();
    let q: usize = tokens.next().unwrap().parse().unwrap();
    let mut taken = vec![false; n];
    let mut coats = 0;
    let mut steps: u64 = 0;
    let mut leaving = 0;
    for _ in 0..q {
        let sign = tokens.next().unwrap();
        let x = tokens.next().unwrap().parse::<usize>().unwrap() - 1;
        if sign == "-" {
            coats -= taken[x] as usize;
            taken[x] = false;
        } else if coats == n {
            leaving += 1;
        } else {
            let mut hook = x;
            while taken[hook] {
                hook = (hook + 1) % n;
                steps += 1;
            }
            taken[hook] = true;
            coats += 1;
        }
    }
    println!("{} {}", steps, leaving);
}
