//! The same told to each in their own way, and not told at all.

use domain::MessageId;
use uuid::Uuid;

use super::stage::{
    OTHER, SILENT, Stage, change, frame, message as message_at, place, post, read, rev, room, said,
    user,
};
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
    poster.hush(message(7));
    stage
        .hub
        .offer(room(1), [post(1, 6), post(2, 7), change(3)]);
    stage.deliver();
    assert_eq!(read(&poster), "1<0;3<2;");
    assert_eq!(read(&same_person), "1<0;2<1;3<2;");
    assert_eq!(stage.shard.position(&poster, room(1)), Some(rev(3)));
    // Once is enough.
    assert!(!poster.is_told_of(message(7)));
}

#[test]
fn a_message_that_was_not_posted_after_all_is_told_when_somebody_else_posts_it() {
    let mut stage = Stage::new();
    let poster = stage.listener(1, room(1), 0);
    let id = message(7);
    poster.hush(id);
    poster.unhush(id);
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
        poster.hush(message(number));
    }
    assert!(!poster.is_told_of(message(0)));
    assert!(poster.is_told_of(message(999)));
}
