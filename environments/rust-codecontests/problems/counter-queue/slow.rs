// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::VecDeque;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<u64> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let (n, m) = (numbers[0] as usize, numbers[1] as usize);
    let mut ends = vec![0u64; m];
    let mut served = vec![0; m];
    let mut queue: VecDeque<(u64, u64)> = VecDeque::new();
    let mut waiting = 0;
    let mut next = 0;
    let mut second = 0;
    while next < n || !queue.is_empty() {
        while next < n && numbers[2 + 2 * next] == second {
            queue.push_back((second, numbers[3 + 2 * next]));
            next += 1;
        }
        for counter in 0..m {
            if ends[counter] <= second {
                if let Some((arrival, service)) = queue.pop_front() {
                    waiting += second - arrival;
                    ends[counter] = second + service;
                    served[counter] += 1;
                }
            }
        }
        second += 1;
    }
    println!("{}", waiting);
    println!("{}", served.iter().map(|x: &i32| x.to_string()).collect::<Vec<_>>().join(" "));
}
