//! Reading messages.

use domain::port::messages::{Amended, Change, View, Window};
use domain::{Message, MessageId};

use crate::made::{PIN, UNPIN, edit, ids, seq, seqs, view, view_above};
use crate::{Store, fresh};

pub async fn pages_rise_and_stop_at_the_floor(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let posted = store.posts::<10>(room, ana).await;
    let [_, _, third, ..] = &posted;
    store.change(third, ana, Change::Delete).await;
    let other = store.room(ana, &[]).await.id;
    store.posts::<3>(other, ana).await;

    let page = async |floor, window, limit| {
        let view = view_above(floor, room, ben);
        seqs(&store.messages.page(&view, window, limit).await.unwrap())
    };
    // (the floor, the window, the limit, what is found)
    let table: &[(i64, Window, usize, &[i64])] = &[
        (0, Window::Newest, 3, &[8, 9, 10]),
        (0, Window::Newest, 100, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (4, Window::Newest, 100, &[5, 6, 7, 8, 9, 10]),
        (9, Window::Newest, 2, &[10]),
        (10, Window::Newest, 2, &[]),
        (0, Window::Before(seq(5)), 3, &[2, 3, 4]),
        (0, Window::Before(seq(3)), 3, &[1, 2]),
        (0, Window::Before(seq(1)), 3, &[]),
        (4, Window::Before(seq(7)), 10, &[5, 6]),
        (4, Window::Before(seq(5)), 10, &[]),
        (0, Window::After(seq(5)), 3, &[6, 7, 8]),
        (0, Window::After(seq(0)), 3, &[1, 2, 3]),
        (0, Window::After(seq(9)), 3, &[10]),
        (0, Window::After(seq(10)), 3, &[]),
        (4, Window::After(seq(2)), 2, &[5, 6]),
        (4, Window::After(seq(4)), 2, &[5, 6]),
        (0, Window::Around(seq(5)), 4, &[4, 5, 6, 7]),
        (0, Window::Around(seq(1)), 4, &[1, 2, 3]),
        (0, Window::Around(seq(10)), 4, &[9, 10]),
        (4, Window::Around(seq(5)), 4, &[5, 6, 7]),
    ];
    for (floor, window, limit, expected) in table {
        assert_eq!(
            page(*floor, *window, *limit).await,
            *expected,
            "above {floor}: {window:?}, {limit}"
        );
    }

    // A page shows what is stored, tombstones included.
    let whole = async |view: View| {
        store
            .messages
            .page(&view, Window::Newest, 100)
            .await
            .unwrap()
    };
    let found = store.messages.find(&ids(&posted), ben).await.unwrap();
    assert_eq!(whole(view(room, ben)).await, found);
    assert_eq!(whole(view(fresh(), ben)).await, []);
    store.delete_room(room, ana).await;
    assert!(page(0, Window::Newest, 9).await.is_empty());
    assert!(page(0, Window::After(seq(0)), 9).await.is_empty());
}

pub async fn find_keeps_the_order_asked_for(store: &Store) {
    let [ana] = store.people().await;
    let (room, other, gone) = (
        store.room(ana, &[]).await.id,
        store.room(ana, &[]).await.id,
        store.room(ana, &[]).await.id,
    );
    let [one, two] = store.posts(room, ana).await;
    let [three] = store.posts(other, ana).await;
    let [lost] = store.posts(gone, ana).await;
    store.delete_room(gone, ana).await;
    let one = store.change(&one, ana, Change::Delete).await;

    let asked: [MessageId; 5] = [two.id, fresh(), three.id, lost.id, one.id];
    let found = store.messages.find(&asked, ana).await.unwrap();
    assert_eq!(found, [two, three, one]);
    assert_eq!(store.messages.find(&[], ana).await.unwrap(), []);
}

pub async fn replies_rise_page_by_page(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let [start, other] = store.posts(room, ana).await;
    let mut thread = Vec::new();
    for text in ["a", "b", "c", "d"] {
        thread.push(store.reply(&start, ben, text).await.message);
        store.reply(&other, ben, "of another thread").await;
        store.post(room, ben, "of no thread").await;
    }
    let nested = thread.last().unwrap().clone();
    thread.push(store.reply(&nested, ana, "to a reply").await.message);
    let second = thread.get_mut(1).unwrap();
    *second = store.change(second, ben, Change::Delete).await;

    let walked = walk(async |from: Option<&Message>| {
        let after = from.map_or(seq(0), |message| message.seq);
        let view = view(room, ben);
        let replies = store.messages.replies(&view, start.id, after, 2).await;
        replies.unwrap()
    })
    .await;
    assert_eq!(walked, thread);

    // A floor in the middle of the thread hides the reply at the floor.
    let [_, _, third, fourth, fifth] = thread.as_slice() else {
        panic!("{thread:?}");
    };
    let above = async |view: View| {
        let replies = store.messages.replies(&view, start.id, seq(0), 10).await;
        ids(&replies.unwrap())
    };
    let floor = third.seq.get();
    assert_eq!(
        above(view_above(floor, room, ben)).await,
        [fourth.id, fifth.id]
    );
    assert_eq!(
        above(view_above(floor - 1, room, ben)).await,
        [third.id, fourth.id, fifth.id]
    );

    let elsewhere = store.room(ana, &[ben]).await.id;
    assert_eq!(above(view(elsewhere, ben)).await, []);
    store.delete_room(room, ana).await;
    assert_eq!(above(view(room, ben)).await, []);
}

pub async fn pins_fall_page_by_page(store: &Store) {
    let [ana, ben] = store.people().await;
    let (room, other) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[]).await.id,
    );
    let [one, two, three, four, five, six, seven] = store.posts(room, ana).await;
    let [elsewhere] = store.posts(other, ana).await;
    for message in [&four, &one, &seven, &three, &two, &six, &elsewhere] {
        let pinned = store.change(message, ben, PIN).await;
        assert!(pinned.pinned);
        let again = store.amend(message, ana, PIN).await;
        assert_eq!(again, Amended::Unchanged(pinned));
    }
    let loose = store.change(&six, ana, UNPIN).await;
    assert!(!loose.pinned);
    let again = store.amend(&six, ana, UNPIN).await;
    assert_eq!(again, Amended::Unchanged(loose));
    let never = store.amend(&five, ana, UNPIN).await;
    assert_eq!(never, Amended::Unchanged(five));
    store.change(&two, ana, Change::Delete).await;
    let edited = store.change(&one, ana, edit("still pinned")).await;
    assert!(edited.pinned);

    let walked = walk(async |from: Option<&Message>| {
        let before = from.map(|message| message.seq);
        let view = view(room, ben);
        store.messages.pins(&view, before, 2).await.unwrap()
    })
    .await;
    assert_eq!(ids(&walked), [seven.id, four.id, three.id, one.id]);
    assert_eq!(walked.last(), Some(&edited));

    let above = async |floor| {
        let view = view_above(floor, room, ben);
        seqs(&store.messages.pins(&view, None, 10).await.unwrap())
    };
    assert_eq!(above(3).await, [7, 4]);
    assert_eq!(above(2).await, [7, 4, 3]);
    store.delete_room(room, ana).await;
    assert!(above(0).await.is_empty());
}

pub async fn the_latest_is_the_last_above_the_floor(store: &Store) {
    let [ana] = store.people().await;
    let mut rooms = Vec::new();
    for _ in 0..6 {
        rooms.push(store.room(ana, &[]).await.id);
    }
    let [plain, hidden, just, empty, gone, ended] = rooms.try_into().unwrap();
    for room in [plain, hidden, just, gone, ended] {
        store.posts::<3>(room, ana).await;
    }
    store.delete_room(gone, ana).await;
    let last = store.messages.latest(&[view(ended, ana)]).await.unwrap();
    let tombstone = store
        .change(last.first().unwrap(), ana, Change::Delete)
        .await;

    let views = [
        view(plain, ana),
        view_above(3, hidden, ana),
        view_above(2, just, ana),
        view(empty, ana),
        view(gone, ana),
        view(fresh(), ana),
        view(ended, ana),
    ];
    let mut latest = store.messages.latest(&views).await.unwrap();
    latest.sort_by_key(|message| message.room);
    assert_eq!(
        latest
            .iter()
            .map(|message| message.room)
            .collect::<Vec<_>>(),
        [plain, just, ended]
    );
    assert_eq!(seqs(&latest), [3, 3, 3]);
    assert_eq!(latest.last(), Some(&tombstone));
    assert_eq!(store.messages.latest(&[]).await.unwrap(), []);
}

/// Reads pages of two until one is not full, each from the last message of the one before.
async fn walk(page: impl AsyncFn(Option<&Message>) -> Vec<Message>) -> Vec<Message> {
    let mut walked: Vec<Message> = Vec::new();
    loop {
        let next = page(walked.last()).await;
        let more = next.len() == 2;
        assert!(next.len() <= 2 && walked.len() < 100);
        walked.extend(next);
        if !more {
            return walked;
        }
    }
}
