//! The states of a seat, event by event.

use std::time::Instant;

use domain::{Rev, RoomId, Seq};

use super::stage::{Stage, change, departure, message, place, read, rev, room, seq};
use crate::event::{Change, Event};
use crate::seat::{Advance, Phase, Place, Seat};

const BEHIND: Phase = Phase::Behind { asked: false };

fn here() -> RoomId {
    room(1)
}

fn event(prev: i64, change: Change) -> Event {
    Event::new(here(), rev(prev), change, false)
}

/// The seat of a listener that is live from a rev on.
fn live(stage: &Stage, position: i64) -> Seat {
    let mut seat = Seat::new(stage.connect(1));
    assert!(seat.settle(place(position)));
    seat.phase = Phase::Live;
    seat
}

fn tell(seat: &mut Seat, events: impl IntoIterator<Item = Event>) -> usize {
    let events: Vec<_> = events.into_iter().map(std::sync::Arc::new).collect();
    seat.tell_each(&events, Instant::now())
}

#[test]
fn each_frame_follows_upon_the_one_before() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    let events = [
        event(4, change(5)),
        event(5, change(7)),
        event(7, change(8)),
    ];
    assert_eq!(tell(&mut seat, events), 3);
    assert_eq!(read(&seat.connection), "5<4;7<5;8<7;");
    assert_eq!(seat.place.position, rev(8));
}

#[test]
fn what_is_known_is_not_told_again() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    let events = [
        event(2, change(3)),
        event(3, change(4)),
        event(4, change(5)),
    ];
    assert_eq!(tell(&mut seat, events), 1);
    assert_eq!(read(&seat.connection), "5<4;");
}

#[test]
fn who_stands_within_a_span_is_told_from_there() {
    let stage = Stage::new();
    let mut seat = live(&stage, 6);
    assert_eq!(tell(&mut seat, [event(4, change(8))]), 1);
    assert_eq!(read(&seat.connection), "8<6;");
}

#[test]
fn what_was_before_their_time_is_withheld() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    seat.place.floor = seq(10);
    let events = [
        event(4, message(5, 10)),
        event(5, message(6, 11)),
        event(6, change(7)),
    ];
    assert_eq!(tell(&mut seat, events), 3);
    assert_eq!(read(&seat.connection), "5-4;6<5;7<6;");
    // Also for a listener at another rev.
    assert_eq!(tell(&mut seat, [event(6, message(9, 3))]), 1);
    assert_eq!(read(&seat.connection), "9-7;");
}

#[test]
fn whoever_finds_something_missing_falls_behind() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    assert_eq!(
        tell(&mut seat, [event(5, change(6)), event(6, change(7))]),
        0
    );
    assert_eq!((seat.phase, seat.place.position), (BEHIND, rev(4)));
    assert_eq!(seat.connection.fallen(), [here()]);
    assert_eq!(read(&seat.connection), "");
}

#[test]
fn whoever_has_no_place_falls_behind_with_what_they_were_told() {
    let stage = Stage::narrow(2);
    let mut seat = live(&stage, 4);
    let events = (5..9).map(|number| event(number - 1, change(number)));
    assert_eq!(tell(&mut seat, events), 2);
    assert_eq!((seat.phase, seat.place.position), (BEHIND, rev(6)));
    assert_eq!(read(&seat.connection), "5<4;6<5;");
}

#[test]
fn what_the_store_said_moves_a_listener_on() {
    let stage = Stage::new();
    let mut seat = Seat::new(stage.connect(1));
    assert!(seat.settle(place(4)));
    assert_eq!(seat.phase, BEHIND);
    assert_eq!(seat.advance(rev(6)), Advance::Something);
    assert_eq!((seat.phase, seat.place.position), (BEHIND, rev(6)));
    assert_eq!(seat.advance(rev(6)), Advance::Nothing);
    assert_eq!(seat.phase, Phase::Behind { asked: true });
    assert_eq!(seat.advance(rev(7)), Advance::Something);
    assert_eq!(seat.phase, BEHIND);
}

#[test]
fn who_is_live_already_is_not_set_back() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    assert_eq!(tell(&mut seat, [event(4, change(5))]), 1);
    let before = Place {
        floor: seq(2),
        ..place(4)
    };
    assert!(seat.settle(before));
    assert_eq!((seat.phase, seat.place.position), (Phase::Live, rev(5)));
    assert_eq!(seat.place.floor, seq(2));
}

#[test]
fn who_left_goes_unless_they_came_back_since() {
    let stage = Stage::new();
    for phase in [Phase::Live, BEHIND] {
        let mut seat = live(&stage, 4);
        seat.phase = phase;
        seat.place.admitted = rev(13);
        assert!(!seat.depart(rev(11)));
        assert!(!seat.depart(rev(13)));
        assert!(seat.depart(rev(14)));
    }
}

#[test]
fn who_left_while_they_were_asked_about_is_found_out() {
    let stage = Stage::new();
    let admitted = |number| Place {
        floor: Seq::ZERO,
        position: Rev::ZERO,
        admitted: rev(number),
    };
    for (at, stays) in [(10, false), (11, false), (12, true), (13, true)] {
        let mut seat = Seat::new(stage.connect(1));
        assert!(!seat.depart(rev(12)));
        assert!(!seat.depart(rev(3)));
        assert_eq!(seat.settle(admitted(at)), stays, "{at}");
    }
}

#[test]
fn ones_own_departure_is_an_event_like_others() {
    let stage = Stage::new();
    let mut seat = live(&stage, 4);
    assert_eq!(tell(&mut seat, [event(4, departure(5, 1))]), 1);
    assert_eq!(read(&seat.connection), "5<4;");
}
