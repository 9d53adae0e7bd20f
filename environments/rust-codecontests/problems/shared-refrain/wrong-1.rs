// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::HashMap;
use std::io::{self, Read};

fn best_of_length(songs: &[&str], m: usize, length: usize) -> Option<String> {
    let mut found: HashMap<&str, usize> = HashMap::new();
    for song in songs {
        for start in 0..(song.len() + 1).saturating_sub(length) {
            *found.entry(&song[start..start + length]).or_insert(0) += 1;
        }
    }
    found.iter().filter(|(_, &times)| times >= m).map(|(part, _)| part.to_string()).min()
}

// Counts every appearance, also several in one song.
fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_ascii_whitespace().skip(1);
    let m: usize = words.next().unwrap().parse().unwrap();
    let songs: Vec<&str> = words.collect();
    let (mut low, mut high) = (0, songs.iter().map(|song| song.len()).max().unwrap());
    while low < high {
        let middle = (low + high + 1) / 2;
        if best_of_length(&songs, m, middle).is_some() {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    println!("{}", low);
    if low > 0 {
        println!("{}", best_of_length(&songs, m, low).unwrap());
    }
}
