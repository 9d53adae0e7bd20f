// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let mut tokens = text.split_ascii_whitespace();
    let q: usize = tokens.next().unwrap().parse().unwrap();
    let mut seen: Vec<u32> = vec![0; q];
    let mut count = 0;
    let mut undo = Vec::new();
    let mut out = String::new();
    for _ in 0..q {
        match tokens.next().unwrap() {
            "+" => {
                let width: u32 = tokens.next().unwrap().parse().unwrap();
                let place = seen[..count].partition_point(|&other| other >= width);
                undo.push((count, place, seen[place]));
                seen[place] = width;
                count = place + 1;
            }
            "-" => {
                let (old_count, place, width) = undo.pop().unwrap();
                seen[place] = width;
                count = old_count;
            }
            _ => out += &format!("{}\n", count),
        }
    }
    print!("{}", out);
}
