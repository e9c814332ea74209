//! The examples' own checks of bytes, keys and chains agree with every frozen vector, to the rule that
//! is named first.

use multaqa_cluster::Answer;
use multaqa_interop::{node, python};

/// Vectors of the kinds `cbor`, `body`, `header`, `envelope`, `signature` and `chain` there are at least.
const VECTORS: u64 = 373;

#[test]
fn the_javascript_example_agrees_with_the_vectors() {
    agrees(Answer::of(&mut node("tests/interop/checks/vectors.mjs")));
}

#[test]
fn the_python_example_agrees_with_the_vectors() {
    agrees(Answer::of(&mut python("tests/interop/checks/vectors.py")));
}

fn agrees(answer: Answer) {
    let answer = answer.ends(0);
    let agreed: u64 = answer.out.trim().parse().expect("it says a number");
    assert!(agreed >= VECTORS, "only {agreed}: {}", answer.err);
}
