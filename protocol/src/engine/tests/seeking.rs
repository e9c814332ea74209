//! Heads that checkpoints name are asked for and kept, whatever their author did later (Y6).

use super::rig::{Net, asked_by_name, sync};
use crate::codec::Map;
use crate::engine::MAX_SOUGHT;
use crate::engine::comparing::{FIRST_TIP_DELAY, MAX_TIP_DELAY};
use crate::id::EntryId;

#[test]
fn a_head_that_was_disowned_after_a_checkpoint_named_it_is_fetched_and_kept() {
    let mut net = Net::new();
    let witnessed = net.member.write("practice", &Map::default());
    let id = witnessed.signed.id();
    let mut holder = net.rig();
    let rotation = net.member.rotate(1);
    holder.hear(&rotation);
    let mut late = net.rig();
    assert!(holder.store.holds(id) && !late.store.holds(id));
    assert_eq!(holder.head(&net.member), late.head(&net.member), "the heads agree, and nothing is compared");
    sync(&mut late, &mut holder);
    assert!(!late.store.holds(id));

    late.engine.seek([(id, net.member.id)]);
    let sent = sync(&mut late, &mut holder);
    assert!(sent.blamed.is_empty());
    assert!(late.store.holds(id), "it came with its path");
    assert_eq!(holder.head(&net.member), late.head(&net.member), "and it does not count");
    late.now += MAX_TIP_DELAY;
    assert_eq!(asked_by_name(&mut late, 9), [], "what is held is not asked for");
    late.restart(None);
    assert!(late.engine.logs()[&net.member.id].log.tree().find(&id).is_some() || late.store.holds(id));
}

#[test]
fn heads_that_nobody_holds_cost_a_bounded_number_of_questions() {
    let net = Net::new();
    let mut rig = net.rig();
    let bogus = (0..2 * MAX_SOUGHT as u32).map(|number| {
        let mut id = EntryId([3; 32]);
        id.0[..4].copy_from_slice(&number.to_be_bytes());
        (id, net.member.id)
    });
    rig.engine.seek(bogus);
    assert_eq!(asked_by_name(&mut rig, 1).len(), 2, "Y7: two questions an author a session");
    assert_eq!(asked_by_name(&mut rig, 2).len(), 2, "others");
    let stranger = crate::id::AuthorId([9; 32]);
    rig.engine.seek([(EntryId([1; 32]), stranger)]);
    rig.now += MAX_TIP_DELAY;
    assert_eq!(asked_by_name(&mut rig, 3), [], "nobody is asked for who is not replicated");
    rig.engine.seek([(EntryId([2; 32]), net.member.id)]);
    assert_eq!(asked_by_name(&mut rig, 4), [EntryId([2; 32])]);
    assert_eq!(asked_by_name(&mut rig, 5), [], "with growing delays");
    rig.now += FIRST_TIP_DELAY;
    assert_eq!(asked_by_name(&mut rig, 6), [EntryId([2; 32])]);
    rig.engine.seek([]);
    rig.now += MAX_TIP_DELAY;
    assert_eq!(asked_by_name(&mut rig, 7), []);
}
