//! The same content in different dialects, and left out of some.

use domain::MessageId;
use uuid::Uuid;

use super::stage::{
    OTHER, SILENT, Stage, change, frame, message as message_at, place, post, read, rev, room, said,
    user,
};
use crate::connection::Own;
use crate::frame::Frame;
use crate::item::Whisper;
use crate::shard::Memory;

fn message(number: u128) -> MessageId {
    MessageId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn everybody_is_told_in_the_dialect_of_their_seat() {
    let mut stage = Stage::new();
    let one = stage.listener(1, room(1), 0);
    let other = stage.connect(2);
    other.speak(Some(OTHER));
    stage.sit(&other, room(1), 0);
    // What it speaks elsewhere changes nothing here.
    other.speak(Some(SILENT));
    stage.sit(&other, room(2), 0);
    for of in [room(1), room(2)] {
        stage.hub.offer(of, [change(1), change(2)]);
    }
    stage.deliver();
    assert_eq!(read(&one), "1<0;2<1;");
    assert_eq!(read(&other), "*1;*2;");
}

#[test]
fn whoever_is_told_nothing_keeps_up_and_waits_for_nothing() {
    let mut stage = Stage::narrow(2);
    let silent = stage.connect(1);
    silent.speak(Some(SILENT));
    stage.sit(&silent, room(1), 0);
    for number in 1..=20 {
        stage.hub.offer(room(1), [change(number)]);
        stage.deliver();
    }
    assert_eq!(stage.shard.position(&silent, room(1)), Some(rev(20)));
    assert!(silent.fallen().is_empty());
    assert_eq!(silent.waiting_since(), None);
}

#[test]
fn people_hear_what_concerns_them_in_their_dialect_or_not_at_all() {
    let mut stage = Stage::new();
    let (one, other, nobody) = (stage.connect(1), stage.connect(2), stage.connect(3));
    other.speak(Some(OTHER));
    nobody.speak(None);
    let frame = Frame::new(|dialect| frame(if dialect == OTHER { "other;" } else { "one;" }));
    for number in 1..=3 {
        stage.hub.tell(user(number), &frame);
    }
    stage.deliver();
    assert_eq!(read(&one), "one;");
    assert_eq!(read(&other), "other;");
    assert_eq!(read(&nobody), "");
}

#[test]
fn a_receipt_that_is_no_word_takes_no_place() {
    let mut stage = Stage::narrow(2);
    let connection = stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), [change(1), change(2)]);
    let whisper = |frame| Whisper {
        except: None,
        receipt_of: Some(user(2)),
        frame,
    };
    stage.hub.whisper(room(1), whisper(said("")));
    stage.hub.whisper(room(1), whisper(said("read;")));
    stage.deliver();
    assert_eq!(read(&connection), "1<0;2<1;read;");
}

#[test]
fn a_client_is_not_told_of_the_message_that_it_posts_and_of_nothing_less() {
    let mut stage = Stage::new();
    let poster = stage.listener(1, room(1), 0);
    let same_person = stage.connect(1);
    stage.sit(&same_person, room(1), 0);
    poster.posts(message(7), Own::Passed);
    stage
        .hub
        .offer(room(1), [post(1, 6), post(2, 7), change(3)]);
    stage.deliver();
    assert_eq!(read(&poster), "1<0;3<2;");
    assert_eq!(read(&same_person), "1<0;2<1;3<2;");
    assert_eq!(stage.shard.position(&poster, room(1)), Some(rev(3)));
    // Once is enough.
    assert_eq!(poster.take_own(message(7)), None);
}

#[test]
fn a_message_that_was_not_posted_after_all_is_told_when_somebody_else_posts_it() {
    let mut stage = Stage::new();
    let poster = stage.listener(1, room(1), 0);
    let id = message(7);
    poster.posts(id, Own::Passed);
    assert_eq!(poster.take_own(id), Some(Own::Passed));
    stage.hub.offer(room(1), [post(1, 7)]);
    stage.deliver();
    assert_eq!(read(&poster), "1<0;");
}

#[test]
fn a_message_that_was_changed_before_anybody_heard_of_it_is_news_all_the_same() {
    let mut stage = Stage::new();
    let other = stage.connect(1);
    other.speak(Some(OTHER));
    stage.sit(&other, room(1), 3);
    stage.hub.offer(room(1), [message_at(4, 2), post(6, 4)]);
    stage.deliver();
    // The hint of what was posted as the third is lost, and so is the one of its change.
    stage
        .hub
        .fill(room(1), rev(4), vec![message_at(5, 3)], rev(5));
    stage.hub.offer(room(1), [message_at(7, 6)]);
    stage.deliver();
    assert_eq!(read(&other), "*4;!5;!6;*7;");
}

#[test]
fn who_comes_back_is_told_of_each_change_if_they_have_to_hear_of_the_message_first() {
    let mut stage = Stage::new();
    stage.listener(1, room(1), 0);
    stage.hub.offer(room(1), [post(1, 1), message_at(2, 1)]);
    stage.deliver();
    for (how, told) in [(Memory::Last, "*2;"), (Memory::Each, "!1;*2;")] {
        let back = stage.connect(2);
        back.speak(Some(OTHER));
        stage.shard.sit(&back, room(1));
        assert!(stage.shard.place(&back, room(1), place(0)));
        stage.shard.catch_up(&back, room(1), how);
        assert_eq!(read(&back), told);
    }
}

#[test]
fn what_is_passed_over_has_a_bound() {
    let stage = Stage::new();
    let poster = stage.connect(1);
    for number in 0..1_000 {
        poster.posts(message(number), Own::Passed);
    }
    assert_eq!(poster.take_own(message(0)), None);
    assert_eq!(poster.take_own(message(999)), Some(Own::Passed));
}

#[test]
fn a_message_is_called_by_the_name_that_its_poster_gave_it() {
    let mut stage = Stage::new();
    let poster = stage.listener(1, room(1), 0);
    let other = stage.listener(2, room(1), 0);
    poster.posts(message(7), Own::Called(frame("mine")));
    stage.hub.offer(room(1), [post(1, 6), post(2, 7)]);
    stage.deliver();
    assert_eq!(read(&poster), "1<0;mine;");
    assert_eq!(read(&other), "1<0;2<1;");
}

#[test]
fn only_who_asks_for_it_hears_of_rooms_that_they_come_into() {
    let mut stage = Stage::new();
    let (asks, does_not) = (stage.connect(1), stage.connect(1));
    asks.ask_for_new_rooms();
    for number in 1..=1_000 {
        stage.hub.come_into(user(1), room(number));
    }
    stage.hub.come_into(user(2), room(7));
    stage.deliver();
    assert!(does_not.new_rooms().is_empty());
    let heard = asks.new_rooms();
    assert_eq!(heard.first(), Some(&room(1)));
    assert!(heard.len() < 1_000);
    assert!(asks.new_rooms().is_empty());
    stage.hub.come_into(user(1), room(2));
    stage.deliver();
    assert_eq!(asks.new_rooms(), [room(2)]);
}

#[test]
fn it_is_known_what_is_spoken_in_a_room() {
    let stage = Stage::new();
    let connection = stage.connect(1);
    let heard = |dialect| stage.hub.has_listeners_using(room(1), &[dialect]);
    stage.shard.sit(&connection, room(1));
    assert!(!heard(OTHER));
    connection.speak(Some(OTHER));
    stage.shard.sit(&connection, room(1));
    assert!(heard(OTHER) && !heard(SILENT) && !heard(crate::Dialect::default()));
    let second = stage.connect(2);
    second.speak(Some(OTHER));
    stage.shard.sit(&second, room(1));
    stage.shard.leave(&connection, room(1));
    assert!(heard(OTHER));
    stage.shard.disconnect(&second);
    assert!(!heard(OTHER));
    assert!(stage.hub.rooms_with_listeners().is_empty());
}
