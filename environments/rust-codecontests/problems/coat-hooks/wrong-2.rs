// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn find(next: &mut [usize], x: usize) -> usize {
    let mut hook = x;
    while next[hook] != hook {
        next[hook] = next[next[hook]];
        hook = next[hook];
    }
    hook
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace();
    let n: usize = tokens.next().unwrap().parse().unwrap();
    let q: usize = tokens.next().unwrap().parse().unwrap();
    // next[x] leads to a free hook at x or after it.
    let mut next: Vec<usize> = (0..n).collect();
    let mut taken = vec![false; n];
    let mut coats = 0;
    let (mut steps, mut leaving) = (0u64, 0);
    for _ in 0..q {
        let sign = tokens.next().unwrap();
        let x = tokens.next().unwrap().parse::<usize>().unwrap() - 1;
        if sign == "-" {
            if taken[x] {
                taken[x] = false;
                coats -= 1;
                next[x] = x;
            }
        } else if coats == n {
            leaving += 1;
        } else {
            let hook = find(&mut next, x);
            steps += ((hook + n - x) % n) as u64;
            taken[hook] = true;
            coats += 1;
            if coats < n {
                next[hook] = find(&mut next, (hook + 1) % n);
            }
        }
    }
    println!("{} {}", steps, leaving);
}
