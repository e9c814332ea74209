//! What two bundles say of the same logs.

use super::*;

fn relations(first: &[&Author], second: &[&Author]) -> Vec<(AuthorId, Relation)> {
    let [first, second] = [first, second].map(|authors| {
        let items = authors.iter().flat_map(|author| author.items()).collect();
        audit(&bundle(NET, Scope::Journal, items))
    });
    compare(&first, &second).into_iter().map(|found| (found.author, found.relation)).collect()
}

#[test]
fn two_bundles_agree_go_further_or_lie_apart() {
    let mut author = Author::new(1);
    author.write("practice", &text("title", "One"));
    let (earlier, other) = (author.clone(), Author::new(2));
    author.write("practice", &text("title", "Two"));
    let mut apart = earlier.clone();
    apart.write("practice", &text("title", "For others' eyes"));

    let id = author.id();
    assert_eq!(relations(&[&author], &[&author]), [(id, Relation::Same)]);
    assert_eq!(relations(&[&author], &[&earlier]), [(id, Relation::FirstFurther)]);
    assert_eq!(relations(&[&earlier], &[&author]), [(id, Relation::SecondFurther)]);
    assert_eq!(relations(&[&author], &[&apart]), [(id, Relation::Apart)]);

    let mut wanted = vec![(id, Relation::OnlyFirst), (other.id(), Relation::OnlySecond)];
    wanted.sort_by_key(|(author, _)| *author);
    assert_eq!(relations(&[&author], &[&other]), wanted);
}

#[test]
fn a_log_that_a_rotation_left_is_in_the_other_file_as_what_it_is() {
    let mut author = Author::new(1);
    let first = author.write("practice", &text("title", "One"));
    author.write("practice", &text("title", "By a thief"));
    let stolen = author.clone();
    author.rotate_after(first);
    assert_eq!(relations(&[&author], &[&stolen]), [(author.id(), Relation::FirstFurther)]);
}
