// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut numbers = text.split_ascii_whitespace().map(|word| word.parse::<u64>().unwrap());
    for _ in 0..numbers.next().unwrap() {
        let lamps = numbers.next().unwrap() as usize;
        let time = numbers.next().unwrap();
        let periods: Vec<u64> = numbers.by_ref().take(lamps).collect();
        let longest = *periods.iter().max().unwrap();
        let mut count = 0;
        let mut second = longest;
        while second <= time {
            if periods.iter().all(|p| second % p == 0) {
                count += 1;
            }
            second += longest;
        }
        println!("{}", count);
    }
}
