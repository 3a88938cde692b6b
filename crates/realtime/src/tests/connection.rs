//! What the task that owns a socket is notified of.

use std::pin::pin;

use futures::FutureExt as _;
use futures::poll;

use super::stage::{Stage, change, frame, piece, read, room};
use crate::connection::Ending;

#[tokio::test]
async fn who_waits_for_place_goes_on_once_a_quarter_is_left() {
    let stage = Stage::narrow(8);
    let connection = stage.connect(1);
    assert!(connection.has_capacity().now_or_never().is_some());
    for _ in 0..5 {
        connection.send(frame("x"));
    }
    assert!(connection.is_crowded());
    let mut waits = [(); 2].map(|()| Box::pin(connection.has_capacity()));
    for _ in 0..3 {
        for waiting in &mut waits {
            assert!(poll!(waiting).is_pending());
        }
        piece(&connection);
    }
    assert!(!connection.is_crowded());
    for waiting in &mut waits {
        assert!(poll!(waiting).is_ready());
    }
}

#[tokio::test]
async fn who_waits_for_place_goes_on_when_there_is_no_need_any_more() {
    for ending in 0..3 {
        let stage = Stage::narrow(4);
        let connection = stage.connect(1);
        connection.send_all(frame("x"), 4);
        let mut waiting = pin!(connection.has_capacity());
        assert!(poll!(&mut waiting).is_pending());
        match ending {
            0 => connection.close(),
            1 => connection.give_up(),
            _ => connection.end(Ending::Restart),
        }
        assert!(poll!(&mut waiting).is_ready(), "{ending}");
    }
}

#[test]
fn who_does_not_take_answers_has_to_end() {
    let stage = Stage::narrow(1);
    let connection = stage.connect(1);
    for _ in 0..3 {
        connection.send(frame("answer"));
        assert_eq!(connection.ending(), None);
    }
    connection.send(frame("answer"));
    assert_eq!(connection.ending(), Some(Ending::Slow));
    assert!(connection.signalled().now_or_never().is_some());
}

#[test]
fn who_reads_is_sent_any_number_of_portions_and_what_follows() {
    let stage = Stage::narrow(8);
    let connection = stage.connect(1);
    let portion = connection.portion();
    for _ in 0..100 {
        while connection.has_capacity().now_or_never().is_none() {
            piece(&connection);
        }
        connection.send_all("x".repeat(portion.bytes).into(), portion.frames);
        connection.send(frame("answer"));
    }
    assert_eq!(connection.ending(), None);
}

#[test]
fn the_first_reason_to_end_counts() {
    let stage = Stage::new();
    let connection = stage.connect(1);
    connection.end(Ending::SessionEnded);
    connection.end(Ending::Restart);
    assert_eq!(connection.ending(), Some(Ending::SessionEnded));
}

#[test]
fn who_fell_behind_hears_of_it_and_comes_back_when_it_was_read() {
    let mut stage = Stage::narrow(4);
    let connection = stage.listener(1, room(1), 0);
    assert!(connection.signalled().now_or_never().is_none());
    stage.hub.offer(room(1), (1..=6).map(change));
    stage.deliver();
    assert!(connection.signalled().now_or_never().is_some());
    assert!(connection.returns().is_empty());
    assert_eq!(connection.fallen(), [room(1)]);
    assert!(connection.fallen().is_empty());
    assert!(connection.returns().is_empty());
    assert!(connection.signalled().now_or_never().is_none());
    assert_eq!(read(&connection), "1<0;2<1;3<2;4<3;");
    assert!(connection.signalled().now_or_never().is_some());
    assert_eq!(connection.returns(), [room(1)]);
    assert!(connection.returns().is_empty());
}

#[test]
fn nobody_comes_back_before_they_were_told_that_they_fell_behind() {
    let mut stage = Stage::narrow(4);
    let connection = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), (1..=6).map(change));
    stage.deliver();
    read(&connection);
    assert!(connection.returns().is_empty());
    assert_eq!(connection.fallen(), [room(1)]);
    assert_eq!(connection.returns(), [room(1)]);
}

#[test]
fn who_left_or_begins_anew_is_not_behind_any_more() {
    for leaves in [true, false] {
        let mut stage = Stage::narrow(2);
        let connection = stage.listener(1, room(1), 0);
        stage.hub.offer(room(1), (1..=3).map(change));
        stage.deliver();
        if leaves {
            stage.shard.leave(&connection, room(1));
        } else {
            stage.shard.sit(&connection, room(1));
        }
        read(&connection);
        assert!(connection.fallen().is_empty() && connection.returns().is_empty());
    }
}
