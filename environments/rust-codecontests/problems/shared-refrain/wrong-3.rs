// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

// Looks at the parts of the first song only.
fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_ascii_whitespace().skip(1);
    let m: usize = words.next().unwrap().parse().unwrap();
    let songs: Vec<&str> = words.collect();
    for length in (1..=songs[0].len()).rev() {
        let mut best: Option<&str> = None;
        for start in 0..=songs[0].len() - length {
            let part = &songs[0][start..start + length];
            let times = songs.iter().filter(|song| song.contains(part)).count();
            if times >= m && best.map_or(true, |other| part < other) {
                best = Some(part);
            }
        }
        if let Some(part) = best {
            println!("{}\n{}", length, part);
            return;
        }
    }
    println!("0");
}
