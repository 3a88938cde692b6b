//! The states of a room, change by change.

use domain::Rev;

use super::stage::{change, changes, heavy, rev, room};
use crate::event::Event;
use crate::order::{MOST_AHEAD, Next, Order};
use crate::recent::LEAST;

/// A room that was at a rev when it was looked at.
fn at(number: i64) -> Order {
    let mut order = Order::new(room(1));
    let next = order.look(rev(number), None);
    assert!(next.told.is_empty() && !next.hole);
    order
}

fn offer(order: &mut Order, numbers: impl IntoIterator<Item = i64>) -> (Vec<String>, bool) {
    said(&order.offer(changes(numbers)))
}

fn fill(order: &mut Order, since: i64, numbers: &[i64], up_to: i64) -> Vec<String> {
    let changes = changes(numbers.iter().copied());
    let told = order.fill(rev(since), changes, rev(up_to));
    told.iter().map(|event| link(event)).collect()
}

fn since(order: &Order, number: i64) -> Option<Vec<String>> {
    let events = order.since(rev(number), false)?;
    Some(events.map(|event| link(event)).collect())
}

fn said(next: &Next) -> (Vec<String>, bool) {
    let told = next.told.iter().map(|event| link(event)).collect();
    (told, next.hole)
}

fn link(event: &Event) -> String {
    format!("{}<{}", event.rev(), event.prev)
}

fn links(links: &[&str]) -> Vec<String> {
    links.iter().map(|link| (*link).to_owned()).collect()
}

#[test]
fn before_anybody_looked_nothing_is_told_and_nothing_is_missing() {
    let mut order = Order::new(room(1));
    assert_eq!(offer(&mut order, [7, 5]), (links(&[]), false));
    assert_eq!(order.position(), None);
    assert!(!order.is_torn());
    assert!(since(&order, 7).is_none());
    assert!(fill(&mut order, 0, &[5, 6, 7], 7).is_empty());
}

#[test]
fn the_first_look_says_where_the_room_stands_and_lets_out_what_came_after_it() {
    let mut order = Order::new(room(1));
    offer(&mut order, [4, 6, 5, 8]);
    let next = order.look(rev(4), None);
    assert_eq!(said(&next), (links(&["5<4", "6<5"]), true));
    assert_eq!(order.position(), Some(rev(6)));
}

#[test]
fn the_first_look_at_a_room_where_nothing_ever_happened() {
    let mut order = at(0);
    assert_eq!(order.position(), Some(Rev::ZERO));
    assert_eq!(since(&order, 0), Some(links(&[])));
    assert_eq!(offer(&mut order, [1]), (links(&["1<0"]), false));
}

#[test]
fn changes_in_order_are_told_at_once() {
    let mut order = at(4);
    assert_eq!(offer(&mut order, [5]), (links(&["5<4"]), false));
    assert_eq!(
        offer(&mut order, [6, 7, 8]),
        (links(&["6<5", "7<6", "8<7"]), false)
    );
    assert_eq!(order.position(), Some(rev(8)));
}

#[test]
fn what_was_told_is_not_told_again() {
    let mut order = at(4);
    offer(&mut order, [5, 6]);
    assert_eq!(offer(&mut order, [6, 5, 4, 1]), (links(&[]), false));
}

#[test]
fn what_comes_early_waits_for_what_is_before_it() {
    let mut order = at(4);
    assert_eq!(offer(&mut order, [7]), (links(&[]), true));
    assert!(order.is_torn());
    assert_eq!(offer(&mut order, [7, 6]), (links(&[]), true));
    assert_eq!(
        offer(&mut order, [5]),
        (links(&["5<4", "6<5", "7<6"]), false)
    );
    assert!(!order.is_torn());
}

#[test]
fn a_batch_in_no_order_leaves_in_order() {
    let mut order = at(0);
    assert_eq!(
        offer(&mut order, [3, 1, 3, 2]),
        (links(&["1<0", "2<1", "3<2"]), false)
    );
    assert_eq!(offer(&mut order, [6, 4]), (links(&["4<3"]), true));
}

#[test]
fn what_is_beyond_the_bound_is_known_to_be_missing() {
    let mut order = at(0);
    let most = i64::try_from(MOST_AHEAD).unwrap();
    let early = 2..most + 12;
    assert_eq!(offer(&mut order, early), (links(&[]), true));
    let (told, _) = offer(&mut order, [1]);
    assert_eq!(told.len(), MOST_AHEAD + 1);
    assert_eq!(order.position(), Some(rev(most + 1)));
    assert!(order.is_torn());
    let rest: Vec<i64> = (most + 2..most + 12).collect();
    assert_eq!(fill(&mut order, most + 1, &rest, most + 11).len(), 10);
    assert!(!order.is_torn());
}

#[test]
fn too_many_hints_before_the_first_look_leave_a_hole_that_is_known() {
    let mut order = Order::new(room(1));
    let most = i64::try_from(MOST_AHEAD).unwrap();
    offer(&mut order, 1..=most + 1);
    let next = order.look(Rev::ZERO, None);
    assert_eq!(next.told.len(), MOST_AHEAD);
    assert!(next.hole);
}

#[test]
fn a_later_look_finds_what_nobody_told_of() {
    let mut order = at(4);
    assert_eq!(said(&order.look(rev(4), None)), (links(&[]), false));
    assert_eq!(said(&order.look(rev(6), None)), (links(&[]), true));
    assert_eq!(order.position(), Some(rev(4)));
    // Hints that were only late close it.
    offer(&mut order, [5, 6]);
    assert!(!order.is_torn());
    // A read of the store that took long says nothing new.
    assert_eq!(said(&order.look(rev(5), None)), (links(&[]), false));
}

#[test]
fn a_hole_is_filled_and_what_waited_follows() {
    let mut order = at(4);
    offer(&mut order, [8, 9]);
    assert_eq!(
        fill(&mut order, 4, &[5, 6, 7], 7),
        links(&["5<4", "6<5", "7<6", "8<7", "9<8"])
    );
    assert!(!order.is_torn());
}

#[test]
fn what_came_live_while_the_store_was_read_is_not_told_twice() {
    let mut order = at(4);
    offer(&mut order, [7, 5]);
    assert_eq!(order.position(), Some(rev(5)));
    assert_eq!(
        fill(&mut order, 4, &[5, 6, 7, 8], 8),
        links(&["6<5", "7<6", "8<7"])
    );
    assert_eq!(offer(&mut order, [8, 9]), (links(&["9<8"]), false));
}

#[test]
fn what_was_overtaken_is_spanned() {
    let mut order = at(4);
    offer(&mut order, [9]);
    // 5, 7 and 8 were superseded: 5 and 7 by 6, and 8 by 9, or by something later still.
    assert_eq!(fill(&mut order, 4, &[6], 8), links(&["6<4", "9<6"]));
    assert_eq!(order.position(), Some(rev(9)));
}

#[test]
fn a_stretch_in_which_all_was_overtaken_is_passed() {
    let mut order = at(4);
    assert!(fill(&mut order, 4, &[], 7).is_empty());
    assert_eq!(order.position(), Some(rev(7)));
    // A listener at 4 has missed only what is still to come, and so has one at each rev in between.
    for number in 4..=7 {
        assert_eq!(since(&order, number), Some(links(&[])), "{number}");
    }
    assert_eq!(offer(&mut order, [8]), (links(&["8<4"]), false));
}

#[test]
fn a_hole_is_filled_in_parts() {
    let mut order = at(0);
    offer(&mut order, [10]);
    assert_eq!(fill(&mut order, 0, &[2, 4], 5), links(&["2<0", "4<2"]));
    assert!(order.is_torn());
    assert_eq!(fill(&mut order, 5, &[6], 7), links(&["6<4"]));
    assert_eq!(fill(&mut order, 7, &[8, 10], 10), links(&["8<6", "10<8"]));
    assert!(!order.is_torn());
}

#[test]
fn what_is_beyond_what_was_asked_for_is_not_taken() {
    let mut order = at(0);
    // An answer that contradicts itself does no harm.
    assert_eq!(
        fill(&mut order, 0, &[1, 3, 2, 9], 3),
        links(&["1<0", "3<1"])
    );
    assert_eq!(order.position(), Some(rev(3)));
}

#[test]
fn an_old_answer_changes_nothing() {
    let mut order = at(9);
    assert!(fill(&mut order, 4, &[5, 6], 6).is_empty());
    assert_eq!(order.position(), Some(rev(9)));
    assert_eq!(offer(&mut order, [10]), (links(&["10<9"]), false));
}

#[test]
fn an_answer_that_begins_too_late_is_not_believed() {
    let mut order = at(4);
    assert!(fill(&mut order, 6, &[7], 7).is_empty());
    assert_eq!(order.position(), Some(rev(4)));
}

#[test]
fn who_comes_back_is_told_from_where_they_were() {
    let mut order = at(4);
    offer(&mut order, [5, 6, 7]);
    assert_eq!(since(&order, 3), None);
    assert_eq!(since(&order, 4), Some(links(&["5<4", "6<5", "7<6"])));
    assert_eq!(since(&order, 6), Some(links(&["7<6"])));
    assert_eq!(since(&order, 7), Some(links(&[])));
    assert_eq!(since(&order, 8), Some(links(&[])));
}

#[test]
fn who_was_within_a_span_is_told_all_of_it() {
    let mut order = at(4);
    fill(&mut order, 4, &[8], 8);
    for number in 4..8 {
        assert_eq!(since(&order, number), Some(links(&["8<4"])), "{number}");
    }
    assert_eq!(since(&order, 3), None);
    assert_eq!(since(&order, 8), Some(links(&[])));
}

#[test]
fn who_comes_back_while_something_is_missing_asks_the_store() {
    let mut order = at(4);
    offer(&mut order, [5]);
    order.look(rev(7), None);
    assert_eq!(since(&order, 5), None);
    assert_eq!(since(&order, 6), None);
    // A listener that has it from the store already need not wait for this node.
    assert_eq!(since(&order, 7), Some(links(&[])));
    // And one that asked the store has everything.
    let events = order.since(rev(5), true);
    assert_eq!(events.map(Iterator::count), Some(0));
    offer(&mut order, [6, 7]);
    assert_eq!(since(&order, 5), Some(links(&["6<5", "7<6"])));
}

#[test]
fn a_room_remembers_so_many_events() {
    let mut order = at(0);
    let most = i64::try_from(LEAST.frames).unwrap();
    offer(&mut order, 1..=most);
    assert_eq!(since(&order, 0).map(|told| told.len()), Some(LEAST.frames));
    offer(&mut order, [most + 1]);
    assert_eq!(since(&order, 0), None);
    assert_eq!(since(&order, 1).map(|told| told.len()), Some(LEAST.frames));
}

#[test]
fn a_room_remembers_so_many_bytes() {
    let mut order = at(0);
    order.offer([heavy(1, LEAST.bytes / 2), heavy(2, LEAST.bytes / 2)]);
    assert_eq!(since(&order, 0), Some(links(&["1<0", "2<1"])));
    order.offer([change(3)]);
    assert_eq!(since(&order, 0), None);
    assert_eq!(since(&order, 1), Some(links(&["2<1", "3<2"])));
    order.offer([heavy(4, LEAST.bytes + 1)]);
    assert_eq!(since(&order, 3), None);
    assert_eq!(since(&order, 4), Some(links(&[])));
}
