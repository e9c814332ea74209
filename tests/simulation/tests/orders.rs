//! N3 to N8: every order of the same entries gives the state that the rules give for their set.

use multaqa_simulation::{Orders, any_order};

/// Sets of entries, each in 720 orders; `ORDERS=n` for more.
const SETS: u64 = 24;

#[test]
fn every_order_of_stewards_entries_gives_the_state_of_their_set() {
    let sets = std::env::var("ORDERS").ok().and_then(|sets| sets.parse().ok()).unwrap_or(SETS);
    let found: Result<Vec<Orders>, String> = (0..sets).map(any_order).collect();
    let found = found.unwrap_or_else(|wrong| panic!("{wrong}"));
    let sum = |read: fn(&Orders) -> usize| found.iter().map(read).sum::<usize>();
    let (orders, frozen, cut) = (sum(|o| o.orders), sum(|o| o.frozen), sum(|o| o.cut));
    let (amended, withdrawn) = (found.iter().filter(|o| o.versions > 1).count(), sum(|o| o.withdrawn));
    println!(
        "{orders} orders of {sets} sets: amended {amended}, frozen {frozen}, cut {cut}, withdrawn {withdrawn}"
    );
    // It cannot pass by showing nothing.
    assert!(amended > 0 && frozen > 0 && cut > 0 && withdrawn > 0);
}
