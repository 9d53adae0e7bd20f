// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_ascii_whitespace().skip(1);
    let m: usize = words.next().unwrap().parse().unwrap();
    let songs: Vec<&str> = words.collect();
    let longest = songs.iter().map(|song| song.len()).max().unwrap();
    for length in (1..=longest).rev() {
        let mut found: HashMap<&str, (usize, usize)> = HashMap::new();
        for (index, song) in songs.iter().enumerate() {
            for start in 0..(song.len() + 1).saturating_sub(length) {
                let entry = found.entry(&song[start..start + length]).or_insert((usize::MAX, 0));
                if entry.0 != index {
                    *entry = (index, entry.1 + 1);
                }
            }
        }
        let best = found.iter().filter(|(_, entry)| entry.1 >= m).map(|(part, _)| part).min();
        if let Some(part) = best {
            println!("{}\n{}", length, part);
            return;
        }
    }
    println!("0");
}
