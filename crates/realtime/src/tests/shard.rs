//! Taking a seat, and catching up.

use std::rc::Rc;

use domain::{Rev, Seq};

use super::stage::{
    Stage, change, changes, departure, frame, membership, message, place, read, rev, room, said,
    seq,
};
use crate::connection::Connection;
use crate::item::Whisper;
use crate::seat::{Piece, Place};
use crate::shard::{Caught, Memory};

const fn up(at: Rev, told: usize) -> Caught {
    Caught::Up { at, told }
}

/// What the store has up to a rev.
fn stored(frames: &str, up_to: i64) -> Piece {
    Piece {
        frames: frame(frames),
        count: frames.matches(';').count(),
        up_to: rev(up_to),
    }
}

fn catch_up(stage: &Stage, connection: &Connection) -> Caught {
    stage.shard.catch_up(connection, room(1), Memory::Last)
}

/// A listener that has just been admitted, and has everything up to `position`.
fn comes_in(stage: &Stage, number: u128, position: i64, admitted: i64) -> Rc<Connection> {
    let connection = stage.connect(number);
    stage.shard.sit(&connection, room(1));
    let place = Place {
        admitted: rev(admitted),
        ..place(position)
    };
    assert!(stage.shard.place(&connection, room(1), place));
    connection
}

#[test]
fn nothing_is_told_from_a_seat_before_it_is_known_where_its_listener_stands() {
    let mut stage = Stage::new();
    let connection = stage.connect(1);
    let shard = Rc::clone(&stage.shard);
    assert!(!shard.sits(&connection, room(1)));
    shard.sit(&connection, room(1));
    assert!(shard.sits(&connection, room(1)));
    assert_eq!(shard.rooms(&connection), 1);
    stage.hub.reach(room(1), rev(4), None);
    stage.hub.offer(room(1), [change(5)]);
    stage.deliver();
    assert_eq!(catch_up(&stage, &connection), Caught::Gone);
    assert!(!shard.tell(&connection, room(1), stored("4<0;", 4)));
    assert_eq!(shard.position(&connection, room(1)), None);
    assert_eq!(read(&connection), "");
    assert!(shard.place(&connection, room(1), place(4)));
    assert_eq!(shard.position(&connection, room(1)), Some(rev(4)));
    assert_eq!(catch_up(&stage, &connection), up(rev(5), 1));
    assert_eq!(read(&connection), "5<4;");
}

#[test]
fn nobody_is_told_without_a_seat() {
    let stage = Stage::new();
    let connection = stage.connect(1);
    let shard = &stage.shard;
    assert!(!shard.place(&connection, room(1), place(4)));
    assert!(!shard.tell(&connection, room(1), stored("4<0;", 4)));
    assert_eq!(catch_up(&stage, &connection), Caught::Gone);
    shard.leave(&connection, room(1));
    assert_eq!(read(&connection), "");
}

#[test]
fn who_was_not_let_in_yet_hears_nothing_of_a_room() {
    let mut stage = Stage::new();
    let member = stage.listener(1, room(1), 4);
    let stranger = stage.connect(2);
    stage.shard.sit(&stranger, room(1));
    let whisper = Whisper {
        except: None,
        receipt_of: None,
        frame: said("types;"),
    };
    stage.hub.whisper(room(1), whisper);
    stage.hub.whisper_around(vec![room(1)], &said("here;"));
    stage.hub.offer(room(1), [change(5)]);
    stage.hub.dissolve(room(1), &said("gone;"));
    stage.deliver();
    assert_eq!(read(&member), "types;here;5<4;gone;");
    assert_eq!(read(&stranger), "");
    assert!(!stage.shard.sits(&stranger, room(1)));
}

#[test]
fn who_begins_now_has_to_know_what_they_pass_over() {
    let stage = Stage::new();
    let _others = stage.listener(1, room(1), 8);
    // The user may have left between 4 and 8.
    let connection = comes_in(&stage, 2, 4, 4);
    assert!(!stage.shard.may_begin(room(1), rev(4)));
    let missing = Caught::Missing(rev(4));
    assert_eq!(stage.shard.begin(&connection, room(1)), missing);
    assert!(stage.shard.may_begin(room(1), rev(8)));
}

#[test]
fn who_begins_now_does_not_wait_for_what_is_on_its_way() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    let connection = comes_in(&stage, 2, 6, 6);
    // Another connection has seen that the room has moved on.
    stage.hub.reach(room(1), rev(7), None);
    assert_eq!(stage.shard.begin(&connection, room(1)), up(rev(6), 0));
    stage.hub.offer(room(1), changes(5..=7));
    stage.deliver();
    assert_eq!(read(&connection), "7<6;");
}

#[test]
fn a_connection_that_was_let_go_takes_no_seat() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 0);
    stage.shard.disconnect(&connection);
    stage.shard.sit(&connection, room(1));
    stage.shard.sit(&connection, room(2));
    assert!(stage.hub.rooms_with_listeners().is_empty());
    assert!(!stage.hub.knows(room(2)));
    assert!(!stage.shard.place(&connection, room(2), place(0)));
}

#[test]
fn who_was_away_for_a_moment_is_told_from_what_is_remembered() {
    let mut stage = Stage::new();
    let others = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), changes(5..=8));
    let connection = comes_in(&stage, 2, 6, 8);
    assert_eq!(catch_up(&stage, &connection), up(rev(8), 2));
    // What was in the worker's inbox in the meantime is nothing new.
    stage.deliver();
    stage.hub.offer(room(1), [change(9)]);
    stage.deliver();
    assert_eq!(read(&connection), "7<6;8<7;9<8;");
    assert_eq!(read(&others), "5<4;6<5;7<6;8<7;9<8;");
}

#[test]
fn who_was_away_for_longer_asks_the_store() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 100);
    let connection = comes_in(&stage, 2, 6, 100);
    let shard = Rc::clone(&stage.shard);
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(6)));
    assert!(shard.tell(&connection, room(1), stored("9<6;50<9;", 50)));
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(50)));
    // Meanwhile it goes on.
    stage.hub.offer(room(1), [change(101), change(102)]);
    stage.deliver();
    assert!(shard.tell(&connection, room(1), stored("101<50;", 101)));
    assert_eq!(catch_up(&stage, &connection), up(rev(102), 1));
    assert_eq!(read(&connection), "9<6;50<9;101<50;102<101;");
}

#[test]
fn who_knows_more_than_the_node_waits_for_it() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    let connection = comes_in(&stage, 2, 6, 6);
    assert_eq!(catch_up(&stage, &connection), up(rev(6), 0));
    stage.hub.offer(room(1), changes(5..=7));
    stage.deliver();
    assert_eq!(read(&connection), "7<6;");
}

#[test]
fn who_comes_in_stands_at_least_where_the_room_was_when_they_were_asked_about() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    let connection = comes_in(&stage, 2, 4, 6);
    // Two hints were lost.
    stage.hub.reach(room(1), rev(6), None);
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(4)));
    assert!(stage.shard.tell(&connection, room(1), stored("6<4;", 6)));
    assert_eq!(catch_up(&stage, &connection), up(rev(6), 0));
    stage.hub.fill(room(1), rev(4), changes([6]), rev(6));
    stage.deliver();
    assert_eq!(read(&connection), "6<4;");
}

#[test]
fn when_nobody_knows_where_a_room_stands_the_store_has_the_last_word() {
    let stage = Stage::new();
    let connection = comes_in(&stage, 1, 4, 6);
    let shard = &stage.shard;
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(4)));
    assert!(shard.tell(&connection, room(1), stored("6<4;", 6)));
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(6)));
    assert!(shard.tell(&connection, room(1), stored("", 6)));
    assert_eq!(catch_up(&stage, &connection), up(rev(6), 0));
}

#[test]
fn a_store_that_has_less_than_was_promised_is_not_asked_for_ever() {
    let stage = Stage::new();
    let connection = comes_in(&stage, 1, 4, 4);
    stage.hub.reach(room(1), rev(4), None);
    stage.hub.reach(room(1), rev(9), None);
    assert_eq!(catch_up(&stage, &connection), Caught::Missing(rev(4)));
    assert!(stage.shard.tell(&connection, room(1), stored("", 4)));
    assert_eq!(catch_up(&stage, &connection), up(rev(4), 0));
}

#[test]
fn frames_that_a_listener_knows_are_not_told_again() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [change(5)]);
    stage.deliver();
    // Live listeners have it already, and so may those who are behind.
    assert!(stage.shard.tell(&connection, room(1), stored("5<4;", 5)));
    assert_eq!(catch_up(&stage, &connection), up(rev(5), 0));
    assert!(stage.shard.place(&connection, room(1), place(5)));
    stage.shard.sit(&connection, room(1));
    assert!(stage.shard.place(&connection, room(1), place(5)));
    assert!(stage.shard.tell(&connection, room(1), stored("5<4;", 5)));
    assert_eq!(read(&connection), "5<4;");
}

#[test]
fn who_begins_anew_is_told_again_from_where_they_say() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [change(5), change(6)]);
    stage.deliver();
    stage.shard.sit(&connection, room(1));
    stage.hub.offer(room(1), [change(7)]);
    stage.deliver();
    assert!(stage.shard.place(&connection, room(1), place(5)));
    assert_eq!(catch_up(&stage, &connection), up(rev(7), 2));
    assert_eq!(read(&connection), "5<4;6<5;6<5;7<6;");
    assert_eq!(stage.shard.rooms(&connection), 1);
}

#[test]
fn what_is_remembered_is_told_in_a_listeners_own_wording() {
    let stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    stage
        .hub
        .offer(room(1), [message(5, 1), message(6, 3), message(7, 2)]);
    let connection = stage.connect(2);
    stage.shard.sit(&connection, room(1));
    let place = Place {
        floor: seq(2),
        ..place(4)
    };
    assert!(stage.shard.place(&connection, room(1), place));
    assert_eq!(catch_up(&stage, &connection), up(rev(7), 3));
    assert_eq!(read(&connection), "5-4;6<5;7-6;");
}

#[test]
fn what_was_overtaken_is_not_told_to_who_comes_back() {
    let stage = Stage::new();
    let _others = stage.listener(1, room(1), 3);
    let said = [message(4, 1), message(5, 2), message(6, 1), change(7)];
    stage.hub.offer(room(1), said);
    let connection = comes_in(&stage, 2, 3, 7);
    assert_eq!(catch_up(&stage, &connection), up(rev(7), 3));
    assert_eq!(read(&connection), "5<3;6<5;7<6;");
}

#[test]
fn who_has_no_place_for_it_all_is_told_it_in_parts() {
    let stage = Stage::narrow(4);
    let _others = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), changes(1..=9));
    let connection = comes_in(&stage, 2, 0, 9);
    let part = Caught::Part { told: 3 };
    assert_eq!(catch_up(&stage, &connection), part);
    assert_eq!(catch_up(&stage, &connection), Caught::Part { told: 0 });
    assert_eq!(read(&connection), "1<0;2<1;3<2;");
    assert_eq!(catch_up(&stage, &connection), part);
    assert_eq!(read(&connection), "4<3;5<4;6<5;");
    assert_eq!(catch_up(&stage, &connection), up(rev(9), 3));
    assert_eq!(connection.fallen(), []);
}

#[test]
fn who_left_among_what_is_remembered_has_no_seat() {
    let stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    stage
        .hub
        .offer(room(1), [change(5), departure(6, 2), change(7)]);
    let connection = comes_in(&stage, 2, 4, 5);
    assert_eq!(catch_up(&stage, &connection), Caught::Gone);
    assert_eq!(read(&connection), "");
    assert!(!stage.shard.sits(&connection, room(1)));
}

#[test]
fn who_came_back_among_what_is_remembered_stays() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    stage
        .hub
        .offer(room(1), [change(5), departure(6, 2), change(7)]);
    let connection = comes_in(&stage, 2, 4, 7);
    assert_eq!(catch_up(&stage, &connection), up(rev(7), 3));
    stage.deliver();
    assert!(stage.shard.sits(&connection, room(1)));
    stage.hub.offer(room(1), [departure(8, 2)]);
    stage.deliver();
    assert!(!stage.shard.sits(&connection, room(1)));
    assert_eq!(read(&connection), "5<4;6<5;7<6;");
}

#[test]
fn who_was_away_unnoticed_is_not_told_what_was_said_meanwhile() {
    let mut stage = Stage::new();
    let others = stage.listener(1, room(1), 4);
    let connection = stage.listener(2, room(1), 4);
    stage.hub.reach(room(1), rev(8), None);
    let said = vec![message(6, 1), membership(7, 2, 1), message(8, 2)];
    stage.hub.fill(room(1), rev(4), said, rev(8));
    stage.deliver();
    assert_eq!(read(&others), "6<4;7<6;8<7;");
    assert_eq!(read(&connection), "6-4;7<6;8<7;");
    // Nor is who finds it in what is remembered.
    let late = comes_in(&stage, 2, 4, 4);
    assert_eq!(catch_up(&stage, &late), up(rev(8), 3));
    assert_eq!(read(&late), "6-4;7<6;8<7;");
}

#[test]
fn who_is_seen_to_leave_is_told_what_was_said_before() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    let said = [message(5, 1), departure(6, 1), membership(7, 1, 1)];
    stage.hub.offer(room(1), said);
    stage.deliver();
    assert_eq!(read(&connection), "5<4;");
    assert!(!stage.shard.sits(&connection, room(1)));
}

#[test]
fn the_last_message_is_known_whether_it_was_told_or_skipped() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [message(5, 1), change(6)]);
    let connection = comes_in(&stage, 2, 4, 4);
    let shard = Rc::clone(&stage.shard);
    assert_eq!(shard.last_message(&connection, room(1)), Some(Seq::ZERO));
    assert_eq!(shard.begin(&connection, room(1)), up(rev(6), 0));
    assert_eq!(shard.last_message(&connection, room(1)), Some(seq(1)));
    stage.hub.offer(room(1), [message(7, 2)]);
    stage.deliver();
    assert_eq!(shard.last_message(&connection, room(1)), Some(seq(2)));
    assert_eq!(shard.last_message(&connection, room(2)), None);
}

#[test]
fn who_left_while_they_were_asked_about_has_no_seat() {
    let mut stage = Stage::new();
    let _others = stage.listener(1, room(1), 4);
    let connection = stage.connect(2);
    stage.shard.sit(&connection, room(1));
    stage.hub.offer(room(1), [departure(5, 2), change(6)]);
    stage.deliver();
    assert!(!stage.shard.place(&connection, room(1), place(4)));
    assert!(!stage.shard.sits(&connection, room(1)));
    assert_eq!(stage.hub.rooms_with_listeners(), [room(1)]);
    // Asked about later, they had come back.
    stage.shard.sit(&connection, room(1));
    let back = Place {
        floor: Seq::ZERO,
        position: rev(4),
        admitted: rev(6),
    };
    assert!(stage.shard.place(&connection, room(1), back));
}

#[test]
fn messages_from_the_store_count_as_delivered() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.shard.mark_delivered(&connection, room(1), seq(3));
    stage.shard.mark_delivered(&connection, room(2), seq(9));
    assert_eq!(stage.shard.delivered(&connection), [(room(1), seq(3))]);
    stage.shard.mark_delivered(&connection, room(1), seq(2));
    assert!(stage.shard.delivered(&connection).is_empty());
}
