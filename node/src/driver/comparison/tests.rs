//! What two lists of rows tell of each other.

use super::*;

#[test]
fn each_side_lacks_what_the_other_has_beyond_it() {
    let author = |byte| AuthorId([byte; 32]);
    let here = BTreeMap::from([(author(1), 10), (author(2), 3)]);
    let there = BTreeMap::from([(author(1), 7), (author(2), 5), (author(3), 4)]);
    assert_eq!((lacking(&here, &there), lacking(&there, &here)), (6, 3));
    assert_eq!(lacking(&here, &here), 0);
}

#[test]
fn nothing_is_told_before_both_have_spoken() {
    let mut comparison = Comparison::default();
    assert_eq!(comparison.ours(&[]), None);
    assert_eq!(comparison.theirs(&[]), Some((0, 0)));
}
