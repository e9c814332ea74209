//! How well the records that answer a question come first.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use multaqa_search::Corpus;
use multaqa_search::judged::{self, DEPTH};

/// Least mean of all questions, and of those that nothing was tuned on.
const LEAST: f64 = 0.85;

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_comes_first() {
    let corpus = Corpus::new(1).await;
    let all = corpus.settle().await;
    assert_eq!(all.total, Some(40), "30 practices and 10 plans");
    let questions = judged::all();
    assert!(questions.len() >= 120);
    assert!(questions.iter().filter(|question| question.held).count() >= 30);
    let mut by_kind: BTreeMap<(bool, String), Vec<f64>> = BTreeMap::new();
    for question in &questions {
        for key in question.grades.keys() {
            assert!(corpus.keys.values().any(|known| known == key), "{}: {key} is no record", question.query);
        }
        let answer = corpus.ask(&format!("q={}&limit={DEPTH}", escape(&question.query))).await;
        let keys: Vec<&str> = answer.items.iter().map(|item| corpus.keys[&item.id].as_str()).collect();
        let ndcg = question.ndcg(&keys);
        if ndcg < 0.8 || std::env::var_os("MULTAQA_ALL").is_some() {
            println!(
                "{ndcg:.3} {} {:?}\n      found {keys:?}\n      want  {:?}",
                question.kind, question.query, question.grades
            );
        }
        by_kind.entry((question.held, question.kind.clone())).or_default().push(ndcg);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    for held in [false, true] {
        println!("{}", if held { "held out" } else { "tuned on" });
        for ((_, kind), values) in by_kind.iter().filter(|((of, _), _)| *of == held) {
            println!("  {kind:10} {:3} questions  nDCG@10 {:.3}", values.len(), mean(values));
        }
        let of: Vec<f64> = by_kind
            .iter()
            .filter(|((of, _), _)| *of == held)
            .flat_map(|(_, values)| values.clone())
            .collect();
        println!("  {:10} {:3} questions  nDCG@10 {:.3}", "all", of.len(), mean(&of));
        assert!(mean(&of) >= LEAST, "nDCG@10 {:.3}", mean(&of));
    }
    corpus.node.shutdown().await;
}
