// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
use std::io::{self, Read};

/// A line `slope * x + base`.
#[derive(Clone, Copy)]
struct Line {
    slope: i64,
    base: i64,
}

impl Line {
    fn at(self, x: i64) -> i64 {
        self.slope * x + self.base
    }

    /// Whether this line is nowhere below both a steeper one and a flatter one.
    fn is_useless(self, steeper: Line, flatter: Line) -> bool {
        let left = (flatter.base - steeper.base) as i128 * (steeper.slope - self.slope) as i128;
        let right = (self.base - steeper.base) as i128 * (steeper.slope - flatter.slope) as i128;
        left <= right
    }
}

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let numbers: Vec<i64> = text.split_ascii_whitespace().map(|token| token.parse().unwrap()).collect();
    let (n, a, b) = (numbers[0] as usize, numbers[1], numbers[2]);
    let weights = &numbers[3..];
    // With s parcels' weights summed up to s_i, shipping the first j costs the least of
    //     cost_i + a + b * w_(i+1) + (s_j - s_i)^2,
    // a line in s_j for every i, plus s_j squared. Slopes fall and s_j grows, so the lower hull is read forwards.
    let mut hull: Vec<Line> = Vec::with_capacity(n);
    let mut head = 0;
    let mut sum = 0;
    let mut cost = 0;
    for &weight in &weights[..n] {
        let line = Line { slope: -2 * sum, base: cost + a + b * weight + sum * sum };
        let mut wanted = true;
        if hull.len() > head && hull[hull.len() - 1].slope == line.slope {
            wanted = line.base < hull[hull.len() - 1].base;
            if wanted {
                hull.pop();
            }
        }
        if wanted {
            while hull.len() >= head + 2 && hull[hull.len() - 1].is_useless(hull[hull.len() - 2], line) {
                hull.pop();
            }
            hull.push(line);
        }
        sum += weight;
        while hull.len() >= head + 2 && hull[head + 1].at(sum) <= hull[head].at(sum) {
            head += 1;
        }
        cost = hull[head].at(sum) + sum * sum;
    }
    println!("{}", cost);
}
