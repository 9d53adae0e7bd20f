// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::collections::VecDeque;
use std::io::{self, Read};

/// The beginnings of all suffixes in alphabetical order, and the rank of every suffix.
fn sort_suffixes(text: &[u8]) -> (Vec<usize>, Vec<usize>) {
    let n = text.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&place| text[place]);
    let mut rank = vec![0; n];
    for i in 1..n {
        rank[order[i]] = rank[order[i - 1]] + usize::from(text[order[i]] != text[order[i - 1]]);
    }
    let mut length = 1;
    let mut next_rank = vec![0; n];
    let mut by_second = Vec::with_capacity(n);
    while rank[order[n - 1]] + 1 < n {
        by_second.clear();
        by_second.extend(n - length.min(n)..n);
        by_second.extend(order.iter().filter(|&&place| place >= length).map(|&place| place - length));
        let mut ends = vec![0; rank[order[n - 1]] + 2];
        for &value in &rank {
            ends[value + 1] += 1;
        }
        for value in 1..ends.len() {
            ends[value] += ends[value - 1];
        }
        for &place in &by_second {
            order[ends[rank[place]]] = place;
            ends[rank[place]] += 1;
        }
        let key = |place: usize| (rank[place], if place + length < n { rank[place + length] + 1 } else { 0 });
        next_rank[order[0]] = 0;
        for i in 1..n {
            next_rank[order[i]] = next_rank[order[i - 1]] + usize::from(key(order[i]) != key(order[i - 1]));
        }
        std::mem::swap(&mut rank, &mut next_rank);
        length *= 2;
    }
    (order, rank)
}

/// How many letters each suffix shares with the one before it in the order.
fn shared_with_previous(text: &[u8], order: &[usize], rank: &[usize]) -> Vec<usize> {
    let mut shared = vec![0; text.len()];
    let mut length: usize = 0;
    for place in 0..text.len() {
        if rank[place] == 0 {
            length = 0;
            continue;
        }
        let other = order[rank[place] - 1];
        while place.max(other) + length < text.len() && text[place + length] == text[other + length] {
            length += 1;
        }
        shared[rank[place]] = length;
        length = length.saturating_sub(1);
    }
    shared
}

fn main() {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    let mut words = input.split_ascii_whitespace();
    let song_count: usize = words.next().unwrap().parse().unwrap();
    let needed: usize = words.next().unwrap().parse().unwrap();
    let mut text: Vec<u8> = Vec::new();
    // For every place of the text: its song, and the letters from there to the end of the song.
    let mut song_at = Vec::new();
    let mut remaining = Vec::new();
    for (song, word) in words.enumerate() {
        text.extend(word.bytes());
        text.push(b' ');
        song_at.extend(vec![song; word.len() + 1]);
        remaining.extend((0..=word.len()).rev());
    }
    let (order, rank) = sort_suffixes(&text);
    let shared = shared_with_previous(&text, &order, &rank);

    // Windows of the order with suffixes of enough songs; their smallest shared length counts.
    let mut times_in_window = vec![0; song_count];
    let mut songs_in_window = 0;
    let mut smallest: VecDeque<(usize, usize)> = VecDeque::new();
    let mut left = 0;
    let (mut best_length, mut best_place) = (0, 0);
    for right in 0..order.len() {
        let place = order[right];
        let song = song_at[place];
        songs_in_window += usize::from(times_in_window[song] == 0);
        times_in_window[song] += 1;
        if right > 0 {
            let length = shared[right].min(remaining[place]).min(remaining[order[right - 1]]);
            while smallest.back().map_or(false, |&(_, other)| other >= length) {
                smallest.pop_back();
            }
            smallest.push_back((right, length));
        }
        while songs_in_window >= needed {
            let leaving = song_at[order[left]];
            if songs_in_window == needed && times_in_window[leaving] == 1 {
                break;
            }
            times_in_window[leaving] -= 1;
            songs_in_window -= usize::from(times_in_window[leaving] == 0);
            left += 1;
        }
        while smallest.front().map_or(false, |&(index, _)| index <= left) {
            smallest.pop_front();
        }
        if songs_in_window >= needed {
            let length = smallest.front().map_or(remaining[place], |&(_, length)| length);
            if length > best_length {
                best_length = length;
                best_place = place;
            }
        }
    }
    println!("{}", best_length);
    if best_length > 0 {
        println!("{}", String::from_utf8_lossy(&text[best_place..best_place + best_length]));
    }
}
