// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

// Sends customers to the counter that has been free for the longest time.
fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    let n = numbers.next().unwrap();
    let m = numbers.next().unwrap() as usize;
    let mut heap: BinaryHeap<Reverse<(u64, usize)>> = (0..m).map(|i| Reverse((0, i))).collect();
    let mut served = vec![0; m];
    let mut waiting = 0;
    for _ in 0..n {
        let t = numbers.next().unwrap();
        let s = numbers.next().unwrap();
        let Reverse((end, counter)) = heap.pop().unwrap();
        let begin = end.max(t);
        waiting += begin - t;
        served[counter] += 1;
        heap.push(Reverse((begin + s, counter)));
    }
    println!("{}", waiting);
    println!("{}", served.iter().map(|x: &i32| x.to_string()).collect::<Vec<_>>().join(" "));
}
