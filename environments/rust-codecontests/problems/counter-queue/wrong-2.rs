// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

// Keeps times in 32 bits.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<i32>().unwrap());
    let n = numbers.next().unwrap();
    let m = numbers.next().unwrap() as usize;
    let mut free: BinaryHeap<Reverse<usize>> = (0..m).map(Reverse).collect();
    let mut busy: BinaryHeap<Reverse<(i32, usize)>> = BinaryHeap::new();
    let mut served = vec![0; m];
    let mut waiting = 0i32;
    for _ in 0..n {
        let t = numbers.next().unwrap();
        let s = numbers.next().unwrap();
        while !busy.is_empty() && busy.peek().unwrap().0 .0 <= t {
            free.push(Reverse(busy.pop().unwrap().0 .1));
        }
        let (begin, counter) = match free.pop() {
            Some(Reverse(counter)) => (t, counter),
            None => busy.pop().unwrap().0,
        };
        waiting = waiting.wrapping_add(begin.wrapping_sub(t));
        served[counter] += 1;
        busy.push(Reverse((begin.wrapping_add(s), counter)));
    }
    println!("{}", waiting);
    println!("{}", served.iter().map(|x: &i32| x.to_string()).collect::<Vec<_>>().join(" "));
}
