// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

const LAMPS: usize = 30;
const MODULUS: u64 = 1_000_000_007;

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<usize> = text.split_ascii_whitespace().map(|word| word.parse().unwrap()).collect();
    let count = numbers[0];
    let switches = &numbers[2..2 + count];
    let questions: Vec<&[usize]> = numbers[2 + count..].chunks(3).collect();

    let mut power_of_two = vec![1u64; count + 1];
    for exponent in 1..=count {
        power_of_two[exponent] = power_of_two[exponent - 1] * 2 % MODULUS;
    }
    let mut questions_ending_at = vec![Vec::new(); count + 1];
    for (index, question) in questions.iter().enumerate() {
        questions_ending_at[question[1]].push(index);
    }

    // For every highest bit a combination of switches whose first switch is as late as possible:
    // those that begin at l or later span exactly what the switches from l on can do.
    let mut basis = [(0usize, 0usize); LAMPS];
    let mut answers = vec![0; questions.len()];
    for end in 1..=count {
        let (mut vector, mut first) = (switches[end - 1], end);
        for bit in (0..LAMPS).rev() {
            if vector >> bit & 1 == 0 {
                continue;
            }
            if basis[bit].0 == 0 {
                basis[bit] = (vector, first);
                break;
            }
            if basis[bit].1 < first {
                std::mem::swap(&mut basis[bit].0, &mut vector);
                std::mem::swap(&mut basis[bit].1, &mut first);
            }
            vector ^= basis[bit].0;
        }
        for &index in &questions_ending_at[end] {
            let (start, mut wanted) = (questions[index][0], questions[index][2]);
            let mut rank = 0;
            for bit in (0..LAMPS).rev() {
                if basis[bit].0 != 0 && basis[bit].1 >= start {
                    rank += 1;
                    if wanted >> bit & 1 == 1 {
                        wanted ^= basis[bit].0;
                    }
                }
            }
            if wanted == 0 {
                answers[index] = power_of_two[end - start + 1 - rank];
            }
        }
    }
    let lines: Vec<String> = answers.iter().map(u64::to_string).collect();
    println!("{}", lines.join("\n"));
}
