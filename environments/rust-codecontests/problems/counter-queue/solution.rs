// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    let customers = numbers.next().unwrap();
    let counters = numbers.next().unwrap() as usize;
    let mut free: BinaryHeap<Reverse<usize>> = (0..counters).map(Reverse).collect();
    let mut busy: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    let mut served = vec![0u32; counters];
    let mut waiting = 0;
    for _ in 0..customers {
        let arrival = numbers.next().unwrap();
        let service = numbers.next().unwrap();
        while let Some(&Reverse((end, counter))) = busy.peek() {
            if end > arrival {
                break;
            }
            busy.pop();
            free.push(Reverse(counter));
        }
        let (begin, counter) = match free.pop() {
            Some(Reverse(counter)) => (arrival, counter),
            None => busy.pop().unwrap().0,
        };
        waiting += begin - arrival;
        served[counter] += 1;
        busy.push(Reverse((begin + service, counter)));
    }
    println!("{}", waiting);
    println!("{}", served.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
}
