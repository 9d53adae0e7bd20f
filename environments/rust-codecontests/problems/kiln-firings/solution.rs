// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<usize>().unwrap());
    let count = numbers.next().unwrap();
    let room = numbers.next().unwrap();
    let pots: Vec<(usize, usize)> =
        (0..count).map(|_| (numbers.next().unwrap(), numbers.next().unwrap())).collect();
    let mut by_low: Vec<usize> = (0..count).collect();
    by_low.sort_unstable_by_key(|&pot| pots[pot].0);
    let mut by_high: Vec<usize> = (0..count).collect();
    by_high.sort_unstable_by_key(|&pot| pots[pot].1);

    // Fire at the highest temperature that the most urgent pot stands, with the most urgent pots that fit.
    let mut fired = vec![false; count];
    let mut ready: BinaryHeap<Reverse<(usize, usize)>> = BinaryHeap::new();
    let mut next = 0;
    let mut firings = 0;
    for &urgent in &by_high {
        if fired[urgent] {
            continue;
        }
        let temperature = pots[urgent].1;
        while next < count && pots[by_low[next]].0 <= temperature {
            ready.push(Reverse((pots[by_low[next]].1, by_low[next])));
            next += 1;
        }
        firings += 1;
        for _ in 0..room {
            match ready.pop() {
                Some(Reverse((_, pot))) => fired[pot] = true,
                None => break,
            }
        }
    }
    println!("{}", firings);
}
