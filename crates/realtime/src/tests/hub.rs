//! What the hub knows of rooms and users, and to whom it sends.

use std::rc::Rc;
use std::time::Duration;

use tokio::time::{Instant, advance};

use super::stage::{Stage, change, changes, place, read, rev, room, said, session, user};
use crate::connection::{Connection, Ending, Owner};
use crate::hub::INBOX;
use crate::item::Whisper;
use crate::shard::{Caught, Memory};

fn torn(stage: &Stage) -> bool {
    stage.hub.take_holes() == [room(1)]
}

#[test]
fn a_room_is_known_from_its_first_listener_on() {
    let stage = Stage::new();
    let hub = &stage.hub;
    hub.offer(room(1), [change(1)]);
    hub.reach(room(1), rev(1), None);
    assert!(!hub.knows(room(1)));
    let connection = stage.connect(1);
    stage.shard.sit(&connection, room(1));
    stage.shard.sit(&connection, room(1));
    assert!(hub.knows(room(1)));
    assert_eq!(hub.take_fresh(), [room(1)]);
    assert_eq!(hub.rooms_with_listeners(), [room(1)]);
    stage.shard.leave(&connection, room(1));
    assert!(hub.knows(room(1)));
    assert!(hub.rooms_with_listeners().is_empty());
    // A client that comes back finds the room still in step.
    stage.shard.sit(&connection, room(1));
    assert!(hub.take_fresh().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_room_is_forgotten_a_while_after_its_last_listener() {
    let stage = Stage::new();
    let (nearly, moment) = (Duration::from_millis(29_999), Duration::from_millis(1));
    let while_ = nearly + moment;
    let forget = || stage.hub.forget_silent(Instant::now(), while_);
    let (first, second) = (stage.connect(1), stage.connect(2));
    stage.shard.sit(&first, room(1));
    stage.shard.sit(&second, room(1));
    stage.shard.leave(&first, room(1));
    advance(while_).await;
    assert!(forget().is_empty());
    stage.shard.leave(&second, room(1));
    advance(nearly).await;
    assert!(forget().is_empty());
    // The room had a listener for a moment.
    stage.shard.sit(&first, room(1));
    stage.shard.leave(&first, room(1));
    advance(moment).await;
    assert!(forget().is_empty());
    advance(while_).await;
    stage.shard.sit(&first, room(1));
    assert!(forget().is_empty());
    stage.shard.leave(&first, room(1));
    advance(while_).await;
    assert_eq!(forget(), [room(1)]);
    assert!(!stage.hub.knows(room(1)));
    stage.shard.sit(&first, room(1));
    assert_eq!(stage.hub.take_fresh(), [room(1), room(1)]);
}

#[test]
fn a_hole_is_told_of_where_somebody_listens() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [change(6)]);
    assert!(torn(&stage));
    assert_eq!(stage.hub.torn_at(room(1)), Some(rev(4)));
    stage.hub.offer(room(1), [change(5)]);
    assert!(!torn(&stage));
    assert_eq!(stage.hub.torn_at(room(1)), None);
    stage.shard.leave(&connection, room(1));
    stage.hub.offer(room(1), [change(8)]);
    assert!(!torn(&stage));
    assert_eq!(stage.hub.torn_at(room(1)), None);
    // A room without listeners may have missed something by the time it gets one.
    stage.shard.sit(&connection, room(1));
    stage.hub.reach(room(1), rev(8), None);
    assert!(torn(&stage));
    assert_eq!(stage.hub.torn_at(room(1)), Some(rev(6)));
}

#[test]
fn one_answer_of_the_store_is_taken_once() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [change(8)]);
    for _ in 0..2 {
        stage.hub.fill(room(1), rev(4), changes([6, 7]), rev(7));
    }
    stage.deliver();
    assert_eq!(read(&connection), "6<4;7<6;8<7;");
    assert_eq!(stage.hub.torn_at(room(1)), None);
}

#[test]
fn another_store_has_other_revs() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 100);
    stage.hub.offer(room(1), [change(101), change(103)]);
    stage.deliver();
    assert_eq!(read(&connection), "101<100;");
    stage.hub.take_fresh();
    stage.hub.begin_anew();
    assert_eq!(stage.hub.take_fresh(), [room(1)]);
    assert_eq!(
        stage
            .hub
            .since(room(1), rev(100), false)
            .map(|told| told.len()),
        None
    );
    stage.hub.reach(room(1), rev(7), None);
    stage.shard.sit(&connection, room(1));
    assert!(stage.shard.place(&connection, room(1), place(7)));
    let up = Caught::Up {
        at: rev(7),
        told: 0,
    };
    assert_eq!(stage.shard.catch_up(&connection, room(1), Memory::Last), up);
    stage.hub.offer(room(1), [change(8)]);
    stage.deliver();
    assert_eq!(read(&connection), "8<7;");
}

#[test]
fn people_and_sessions_are_counted_as_they_come_and_go() {
    let stage = Stage::new();
    let hub = &stage.hub;
    assert!(hub.is_empty());
    let (phone, laptop) = (stage.connect(1), stage.connect(1));
    assert_eq!(
        (hub.connections_of(user(1)), hub.is_here(user(1))),
        (2, true)
    );
    assert_eq!(
        (hub.connections_of(user(2)), hub.is_here(user(2))),
        (0, false)
    );
    assert_eq!(hub.sessions(), [session(1)]);
    stage.shard.disconnect(&phone);
    stage.shard.disconnect(&phone);
    assert_eq!(hub.connections_of(user(1)), 1);
    stage.shard.disconnect(&laptop);
    assert!(hub.is_empty() && hub.sessions().is_empty());
}

#[test]
fn a_connection_goes_on_by_another_session_of_the_same_person() {
    let mut stage = Stage::new();
    let connection = stage.connect(1);
    let owner = |of, by| Owner {
        user: user(of),
        session: session(by),
    };
    stage.shard.set_owner(&connection, owner(1, 7));
    assert_eq!(stage.hub.sessions(), [session(7)]);
    assert_eq!(stage.hub.connections_of(user(1)), 1);
    stage.shard.set_owner(&connection, owner(2, 8));
    assert_eq!(connection.owner(), owner(1, 7));
    stage.hub.end_sessions(&[session(1)]);
    stage.deliver();
    assert_eq!(connection.ending(), None);
    stage.shard.disconnect(&connection);
    stage.shard.set_owner(&connection, owner(1, 9));
    assert!(stage.hub.is_empty() && stage.hub.sessions().is_empty());
}

#[test]
fn ended_sessions_end_their_connections_and_no_others() {
    let mut stage = Stage::new();
    let people = [1, 2, 3, 3].map(|number| stage.connect(number));
    stage
        .hub
        .end_sessions(&[session(2), session(3), session(9)]);
    stage.deliver();
    let ended = Some(Ending::SessionEnded);
    let endings = people.map(|connection| connection.ending());
    assert_eq!(endings, [None, ended, ended, ended]);
}

#[test]
fn all_connections_end_when_the_node_stops() {
    let mut stage = Stage::new();
    let people = [1, 2].map(|number| stage.connect(number));
    stage.hub.end_all(Ending::Restart);
    stage.deliver();
    assert!(
        people
            .iter()
            .all(|one| one.ending() == Some(Ending::Restart))
    );
}

#[test]
fn a_person_is_told_on_all_connections_wherever_they_sit() {
    let mut stage = Stage::new();
    let people = [1, 1, 2].map(|number| stage.connect(number));
    stage.hub.tell(user(1), &said("added;"));
    stage.hub.tell(user(3), &said("nobody;"));
    stage.deliver();
    assert_eq!(
        people.map(|connection| read(&connection)),
        ["added;", "added;", ""]
    );
}

#[test]
fn a_whisper_reaches_whoever_sits_there_but_for_whose_it_is() {
    let mut stage = Stage::new();
    let people = [1, 2, 3].map(|number| stage.connect(number));
    for connection in &people[..2] {
        stage.sit(connection, room(1), 0);
    }
    let whisper = |except, receipt_of| Whisper {
        except,
        receipt_of,
        frame: said("typing;"),
    };
    stage.hub.whisper(room(1), whisper(Some(user(1)), None));
    stage.deliver();
    let heard = |people: &[Rc<Connection>; 3]| people.each_ref().map(|one| read(one));
    assert_eq!(heard(&people), ["", "typing;", ""]);
    stage.hub.whisper(room(1), whisper(None, Some(user(1))));
    stage.hub.whisper(room(2), whisper(None, None));
    stage.deliver();
    assert_eq!(heard(&people), ["typing;", "typing;", ""]);
}

#[test]
fn what_is_whispered_around_is_heard_once() {
    let mut stage = Stage::new();
    let people = [1, 2, 3, 4].map(|number| stage.connect(number));
    for (who, of) in [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)] {
        stage.sit(&people[who], room(of), 0);
    }
    stage
        .hub
        .whisper_around(vec![room(1), room(2), room(9)], &said("here;"));
    stage.hub.whisper_around(vec![room(9)], &said("nowhere;"));
    stage.hub.whisper_around(vec![room(2)], &said("gone;"));
    stage.deliver();
    let heard = people.map(|connection| read(&connection));
    assert_eq!(heard, ["here;gone;", "here;gone;", "", ""]);
}

#[test]
fn a_room_that_is_gone_has_no_listeners() {
    let mut stage = Stage::new();
    let people = [1, 2].map(|number| stage.listener(number, room(1), 4));
    stage.hub.offer(room(1), [change(5)]);
    stage.hub.dissolve(room(1), &said("gone;"));
    stage.hub.offer(room(1), [change(6)]);
    stage.deliver();
    assert_eq!(
        people.each_ref().map(|one| read(one)),
        ["5<4;gone;", "5<4;gone;"]
    );
    assert!(stage.hub.rooms_with_listeners().is_empty());
    assert_eq!(
        stage.shard.catch_up(&people[0], room(1), Memory::Last),
        Caught::Gone
    );
}

/// Somebody who listens to a room, and two more connections: one of theirs that does not, and one that
/// is about to.
fn around_a_room(stage: &Stage) -> [Rc<Connection>; 3] {
    let people = [
        stage.listener(1, room(1), 4),
        stage.connect(1),
        stage.connect(1),
    ];
    stage.shard.sit(&people[2], room(1));
    people
}

#[test]
fn that_a_room_is_gone_is_heard_once_and_after_all_else_whichever_word_comes_first() {
    for told_first in [false, true] {
        let mut stage = Stage::new();
        let people = around_a_room(&stage);
        let tell = |stage: &mut Stage| {
            stage.hub.tell_gone(user(1), room(1), &said("gone;"));
            stage.deliver();
        };
        if told_first {
            tell(&mut stage);
        }
        stage.hub.offer(room(1), [change(5)]);
        stage.hub.dissolve(room(1), &said("gone;"));
        stage.deliver();
        tell(&mut stage);
        let heard = people.map(|one| read(&one));
        assert_eq!(heard, ["5<4;gone;", "gone;", "gone;"]);
        assert!(stage.hub.rooms_with_listeners().is_empty());
    }
}

#[test]
fn that_a_room_is_gone_is_heard_by_either_word_alone() {
    let mut stage = Stage::new();
    let people = around_a_room(&stage);
    stage.hub.tell_gone(user(1), room(1), &said("gone;"));
    stage.deliver();
    // The first learns of it from the store, if by nothing else.
    let heard = people.map(|one| read(&one));
    assert_eq!(heard, ["", "gone;", "gone;"]);

    let mut stage = Stage::new();
    let people = around_a_room(&stage);
    stage.hub.dissolve(room(1), &said("gone;"));
    stage.deliver();
    // The last one learns of it from the answer to its request to listen.
    let heard = people.map(|one| read(&one));
    assert_eq!(heard, ["gone;", "", ""]);
}

#[test]
fn a_worker_that_is_no_more_has_no_listeners() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.sit(&connection, room(2), 0);
    let hub = std::sync::Arc::clone(&stage.hub);
    drop(stage);
    assert!(hub.is_empty() && hub.rooms_with_listeners().is_empty());
    hub.offer(room(1), [change(5)]);
    hub.end_all(Ending::Restart);
}

#[test]
fn the_end_is_not_lost_when_a_worker_is_overrun() {
    let mut stage = Stage::new();
    let people = [1, 2].map(|number| stage.connect(number));
    for _ in 0..INBOX {
        stage.hub.tell(user(1), &said(""));
    }
    stage.hub.end_sessions(&[session(2)]);
    stage.hub.end_all(Ending::Restart);
    stage.lose();
    stage.deliver();
    let endings = people.map(|connection| connection.ending());
    assert_eq!(endings, [Some(Ending::Restart), Some(Ending::SessionEnded)]);
}
