// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|token| token.parse::<usize>().unwrap());
    let n = numbers.next().unwrap();
    let m = numbers.next().unwrap();
    let k = numbers.next().unwrap();
    let mut lines = vec![Vec::new(); n];
    for _ in 0..m {
        let u = numbers.next().unwrap() - 1;
        let v = numbers.next().unwrap() - 1;
        let fare = numbers.next().unwrap() as u64;
        lines[u].push((v, fare));
        lines[v].push((u, fare));
    }
    // least[town][left]: with so many half-price rides left. With all k of them the card is still in the pocket, for
    // handing it in and taking the first ride are one move.
    let mut least = vec![vec![u64::MAX; k + 1]; n];
    least[0][k] = 0;
    let mut queue = BinaryHeap::from([(Reverse(0), 0, k)]);
    while let Some((Reverse(cost), town, left)) = queue.pop() {
        if town == n - 1 {
            println!("{}", cost);
            return;
        }
        if cost > least[town][left] {
            continue;
        }
        for &(to, fare) in &lines[town] {
            let mut ride = |price: u64, left: usize| {
                if cost + price < least[to][left] {
                    least[to][left] = cost + price;
                    queue.push((Reverse(cost + price), to, left));
                }
            };
            if left == k || left == 0 {
                ride(fare, left);
            }
            if left > 0 {
                ride(fare / 2, left - 1);
            }
        }
    }
    println!("-1");
}
