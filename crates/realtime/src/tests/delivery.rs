//! What happens in a room, on its way to all who are live there.

use bytes::Bytes;
use domain::{Rev, Seq};

use super::stage::{
    Stage, change, changes, departure, frame, message, piece, place, read, rev, room, said, seq,
    session, user,
};
use crate::connection::Ending;
use crate::event::{Change, Encode};
use crate::frame::Dialect;
use crate::hub::INBOX;
use crate::item::Whisper;
use crate::seat::Place;
use crate::shard::{Caught, Memory};

#[test]
fn everybody_is_told_in_one_piece() {
    let mut stage = Stage::new();
    let people = [1, 2, 3].map(|number| stage.listener(number, room(1), 4));
    stage.hub.offer(room(1), [change(5), change(6)]);
    stage.hub.offer(room(1), [change(7)]);
    stage.deliver();
    let pieces = people
        .each_ref()
        .map(|connection| piece(connection).unwrap());
    assert_eq!(pieces[0], "5<4;6<5;7<6;");
    // It was written once, and is shared.
    assert!(
        pieces
            .iter()
            .all(|piece| piece.as_ptr() == pieces[0].as_ptr())
    );
    assert!(people.iter().all(|connection| piece(connection).is_none()));
}

#[test]
fn rooms_are_told_apart() {
    let mut stage = Stage::new();
    let (one, two) = (stage.listener(1, room(1), 4), stage.listener(2, room(2), 9));
    stage.sit(&two, room(1), 4);
    stage.hub.offer(room(1), [change(5)]);
    stage.hub.offer(room(2), [change(10)]);
    stage.hub.offer(room(1), [change(6)]);
    stage.deliver();
    assert_eq!(read(&one), "5<4;6<5;");
    assert_eq!(read(&two), "5<4;10<9;6<5;");
}

#[test]
fn what_is_whispered_keeps_its_place_between_what_happens() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 4);
    stage.hub.offer(room(1), [change(5)]);
    let whisper = Whisper {
        except: None,
        receipt_of: None,
        frame: said("typing;"),
    };
    stage.hub.whisper(room(1), whisper);
    stage.hub.offer(room(1), [change(6)]);
    stage.deliver();
    assert_eq!(read(&connection), "5<4;typing;6<5;");
}

#[test]
fn newcomers_are_told_only_that_something_older_changed() {
    let mut stage = Stage::new();
    let old = stage.listener(1, room(1), 4);
    let newcomers = [2, 3].map(|number| stage.listener(number, room(1), 4));
    for newcomer in &newcomers {
        let place = Place {
            floor: seq(7),
            ..place(4)
        };
        assert!(stage.shard.place(newcomer, room(1), place));
    }
    stage
        .hub
        .offer(room(1), [message(5, 8), message(6, 7), change(7)]);
    stage.deliver();
    assert_eq!(read(&old), "5<4;6<5;7<6;");
    let told = newcomers.each_ref().map(|connection| read(connection));
    assert_eq!(told, ["5<4;6-5;7<6;", "5<4;6-5;7<6;"]);
    // What all of them may read is written once again.
    stage.hub.offer(room(1), [message(8, 9)]);
    stage.deliver();
    let pieces = [&old, &newcomers[0]].map(|connection| piece(connection).unwrap());
    assert_eq!(pieces[0].as_ptr(), pieces[1].as_ptr());
}

#[test]
fn who_departs_is_told_of_what_was_before_and_nothing_else() {
    let mut stage = Stage::new();
    let leaving = [2, 2].map(|number| stage.listener(number, room(1), 4));
    let staying = stage.listener(1, room(1), 4);
    stage.sit(&leaving[0], room(2), 0);
    stage
        .hub
        .offer(room(1), [change(5), departure(6, 2), change(7)]);
    let whisper = Whisper {
        except: None,
        receipt_of: None,
        frame: said("typing;"),
    };
    stage.hub.whisper(room(1), whisper);
    stage.hub.offer(room(1), [change(8)]);
    stage.deliver();
    assert_eq!(leaving.each_ref().map(|one| read(one)), ["5<4;", "5<4;"]);
    assert_eq!(read(&staying), "5<4;6<5;7<6;typing;8<7;");
    // Other rooms are no concern of that.
    assert!(stage.shard.sits(&leaving[0], room(2)));
    assert_eq!(stage.shard.rooms(&leaving[1]), 0);
}

#[test]
fn several_may_depart_at_once() {
    let mut stage = Stage::new();
    let people = [1, 2, 3].map(|number| stage.listener(number, room(1), 0));
    let events = [departure(1, 1), change(2), departure(3, 2), departure(4, 9)];
    stage.hub.offer(room(1), events);
    stage.deliver();
    let told = people.map(|connection| read(&connection));
    assert_eq!(told, ["", "1<0;2<1;", "1<0;2<1;3<2;4<3;"]);
}

#[test]
fn who_is_behind_departs_as_well() {
    let mut stage = Stage::narrow(2);
    let connection = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), changes(1..=3));
    stage.hub.offer(room(1), [departure(4, 1)]);
    stage.deliver();
    read(&connection);
    assert!(connection.fallen().is_empty() && connection.returns().is_empty());
    assert_eq!(
        stage.shard.catch_up(&connection, room(1), Memory::Last),
        Caught::Gone
    );
}

#[test]
fn an_old_departure_does_not_send_away_who_came_back() {
    let mut stage = Stage::new();
    let _others = stage.listener(9, room(1), 4);
    stage.hub.offer(room(1), [departure(5, 1), change(6)]);
    let connection = stage.connect(1);
    stage.shard.sit(&connection, room(1));
    let back = Place {
        floor: Seq::ZERO,
        position: rev(4),
        admitted: rev(6),
    };
    assert!(stage.shard.place(&connection, room(1), back));
    stage.deliver();
    assert!(stage.shard.sits(&connection, room(1)));
    let up = Caught::Up {
        at: rev(6),
        told: 2,
    };
    assert_eq!(stage.shard.catch_up(&connection, room(1), Memory::Last), up);
}

#[test]
fn who_is_slow_harms_nobody_and_comes_back() {
    let mut stage = Stage::narrow(4);
    let (slow, quick) = (stage.listener(1, room(1), 0), stage.listener(2, room(1), 0));
    for number in 1..=20 {
        stage.hub.offer(room(1), [change(number)]);
        stage.deliver();
        assert_eq!(read(&quick), format!("{number}<{};", number - 1));
    }
    assert_eq!(slow.fallen(), [room(1)]);
    assert_eq!(read(&slow), "1<0;2<1;3<2;4<3;");
    assert_eq!(slow.returns(), [room(1)]);
    let mut at = 4;
    while stage.shard.catch_up(&slow, room(1), Memory::Last) == (Caught::Part { told: 3 }) {
        let links = (at + 1..=at + 3).map(|number| format!("{number}<{};", number - 1));
        assert_eq!(read(&slow), links.collect::<String>());
        at += 3;
    }
    assert_eq!(read(&slow), "20<19;");
    assert_eq!(slow.fallen(), []);
}

#[test]
fn a_piece_that_is_too_large_is_told_in_parts() {
    let mut stage = Stage::narrow(4);
    let connection = stage.listener(1, room(1), 0);
    connection.send(frame("answer;"));
    stage.hub.offer(room(1), changes(1..=5));
    stage.deliver();
    assert_eq!(read(&connection), "answer;1<0;2<1;3<2;");
    assert_eq!(connection.fallen(), [room(1)]);
}

#[test]
fn a_worker_that_was_overrun_has_everybody_catch_up() {
    let mut stage = Stage::new();
    let people = [1, 2].map(|number| stage.listener(number, room(1), 0));
    stage.sit(&people[0], room(2), 0);
    for number in 1..=i64::try_from(INBOX).unwrap() + 1 {
        stage.hub.offer(room(1), [change(number)]);
    }
    stage.lose();
    stage.deliver();
    for connection in &people {
        let mut fallen = connection.fallen();
        fallen.sort_unstable();
        assert_eq!(fallen, connection.rooms());
        assert_eq!(connection.returns().len(), fallen.len());
    }
    let missing = Caught::Missing(rev(0));
    assert_eq!(
        stage.shard.catch_up(&people[1], room(1), Memory::Last),
        missing
    );
    let up = Caught::Up {
        at: rev(0),
        told: 0,
    };
    assert_eq!(stage.shard.catch_up(&people[0], room(2), Memory::Last), up);
}

#[test]
fn what_a_worker_lost_is_found_missing_by_what_comes_next() {
    let mut stage = Stage::new();
    let connection = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), [change(1)]);
    stage.lose();
    stage.hub.offer(room(1), [change(2)]);
    stage.deliver();
    assert_eq!(read(&connection), "");
    assert_eq!(connection.fallen(), [room(1)]);
    assert_eq!(connection.returns(), [room(1)]);
    let up = Caught::Up {
        at: rev(2),
        told: 2,
    };
    assert_eq!(stage.shard.catch_up(&connection, room(1), Memory::Last), up);
    assert_eq!(read(&connection), "1<0;2<1;");
}

#[tokio::test]
async fn a_worker_hands_on_what_comes_and_hears_when_it_was_overrun() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 0);
    let hub = std::sync::Arc::clone(&stage.hub);
    let (shard, inbox) = stage.into_parts();
    let local = tokio::task::LocalSet::new();
    local.spawn_local(shard.run(inbox));
    let scene = async {
        hub.offer(room(1), [change(1)]);
        tokio::task::yield_now().await;
        while connection.waiting_since().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(read(&connection), "1<0;");
        for number in 2..=i64::try_from(INBOX).unwrap() + 3 {
            hub.offer(room(1), [change(number)]);
        }
        connection.signalled().await;
        assert_eq!(connection.fallen(), [room(1)]);
    };
    local.run_until(scene).await;
}

/// A change that cannot be encoded.
struct Broken;

impl Encode for Broken {
    fn told(&self, _: Rev, _: Dialect, _: bool) -> Bytes {
        panic!("as the test wants it")
    }

    fn called(&self, _: Rev, _: Dialect, _: &Bytes) -> Bytes {
        Bytes::new()
    }

    fn withheld(&self, _: Rev, _: Dialect) -> Bytes {
        Bytes::new()
    }

    fn weight(&self) -> usize {
        0
    }
}

fn broken(number: i64) -> Change {
    Change {
        frame: Box::new(Broken),
        ..change(number)
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_panic_interrupts_is_caught_up_on() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 0);
    let hub = std::sync::Arc::clone(&stage.hub);
    let (shard, inbox) = stage.into_parts();
    let local = tokio::task::LocalSet::new();
    local.spawn_local(shard.run(inbox));
    let scene = async {
        hub.offer(room(1), [broken(1)]);
        connection.signalled().await;
        assert_eq!(connection.fallen(), [room(1)]);
        hub.tell(user(1), &said("hello;"));
        while connection.waiting_since().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(read(&connection), "hello;");
    };
    local.run_until(scene).await;
}

#[tokio::test(start_paused = true)]
async fn what_arrived_with_a_panic_is_delivered() {
    let stage = Stage::new();
    let connection = stage.listener(1, room(1), 0);
    let hub = std::sync::Arc::clone(&stage.hub);
    let (shard, inbox) = stage.into_parts();
    let local = tokio::task::LocalSet::new();
    local.spawn_local(shard.run(inbox));
    let scene = async {
        hub.offer(room(1), [broken(1)]);
        hub.end_sessions(&[session(1)]);
        while connection.ending().is_none() {
            connection.signalled().await;
        }
        assert_eq!(connection.ending(), Some(Ending::SessionEnded));
    };
    local.run_until(scene).await;
}
