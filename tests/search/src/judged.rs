//! Questions with the records that answer them, judged by reading the records and not the ranking.
//!
//! `data/judged.csv` has a line for each: whether the search may be tuned on it (`tune`) or not (`held`),
//! what kind of question it is, its words, and the records with their grades: 3 for what was asked for, 2
//! for what answers in part, 1 for what touches it. A commitment is judged as the plan in which it stands.

use std::collections::BTreeMap;

use serde::Deserialize;

const TABLE: &str = include_str!("../data/judged.csv");
/// How many records of an answer are looked at.
pub const DEPTH: usize = 10;

/// A question that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Whether the search may not be tuned on it.
    pub held: bool,
    /// What kind of question it is.
    pub kind: String,
    /// Its words.
    pub query: String,
    /// Grades of the records that answer it, by name.
    pub grades: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct Line {
    set: String,
    kind: String,
    query: String,
    relevant: String,
}

/// Returns the questions.
///
/// # Panics
///
/// When the table is malformed.
#[must_use]
pub fn all() -> Vec<Judged> {
    let lines = csv::Reader::from_reader(TABLE.as_bytes()).into_deserialize();
    lines
        .map(|line| {
            let Line { set, kind, query, relevant } = line.expect("a line of the table");
            let grades = relevant.split_whitespace().map(|graded| {
                let (key, grade) = graded.split_once(':').expect("a name and a grade");
                (key.to_owned(), grade.parse().expect("a grade"))
            });
            Judged { held: set == "held", kind, query, grades: grades.collect() }
        })
        .collect()
}

impl Judged {
    /// Returns the normalised discounted cumulative gain of an answer's first records: 1 where no other
    /// order would serve better.
    #[must_use]
    pub fn ndcg(&self, answer: &[&str]) -> f64 {
        let grade = |key: &&str| self.grades.get(*key).copied().unwrap_or(0);
        let mut ideal: Vec<u32> = self.grades.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        gain(answer.iter().map(grade)) / gain(ideal.into_iter())
    }
}

fn gain(grades: impl Iterator<Item = u32>) -> f64 {
    let gains = grades.take(DEPTH).enumerate();
    gains.map(|(at, grade)| (f64::from(grade).exp2() - 1.0) / ((at + 2) as f64).log2()).sum()
}
