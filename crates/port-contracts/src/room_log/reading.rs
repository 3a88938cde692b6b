//! What a room's changes are, and how they are paged.

use std::collections::BTreeMap;

use domain::port::messages::{Change, View};
use domain::port::room_log::{Changes, Head};
use domain::port::rooms::{RoomEdit, Step};
use domain::{Message, Rev, Room, RoomId, RoomName, UserId};

use crate::made::{edit, emoji, react, rev, revs, seq, seqs, view, view_above};
use crate::{Store, fresh, unique, unknown};

/// A room after everything that can happen to one, and its people.
struct Lived {
    room: RoomId,
    people: [UserId; 3],
    first: Message,
}

/// Leaves behind, by rev: ana 2, first 6, ben's tombstone 7, cleo 8, the room 9, reply 10, second 12.
async fn lived(store: &Store) -> Lived {
    let people @ [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let [first, second] = store.posts(room, ana).await;
    let first = store.change(&first, ana, edit("first")).await;
    store.leave(room, ben).await;
    store.join(room, cleo).await;
    let renamed = RoomEdit {
        name: Some(RoomName::parse(unique("renamed ")).unwrap()),
        ..RoomEdit::default()
    };
    store.act(room, ana, vec![Step::Edit(renamed)]).await;
    store.reply(&second, cleo, "reply").await;
    store.change(&second, cleo, react(&emoji(1))).await;
    Lived {
        room,
        people,
        first,
    }
}

pub async fn changes_come_by_rev(store: &Store) {
    let Lived {
        room,
        people,
        first,
    } = lived(store).await;
    let [ana, ben, cleo] = people;

    let all = changes(store, view(room, cleo), 0, 100).await;
    assert_eq!(seqs(&all.messages), [1, 3, 2]);
    assert_eq!(revs(&all.messages), [6, 10, 12]);
    let members = all.members.iter().map(|member| (member.user, member.rev));
    assert_eq!(
        members.collect::<Vec<_>>(),
        [(ana, rev(2)), (ben, rev(7)), (cleo, rev(8))]
    );
    let now = store.rooms.access(room, ana).await.unwrap().unwrap().room;
    assert_eq!(all.room, Some(now));
    assert_eq!((all.up_to, all.more, all.last), (rev(12), false, rev(12)));

    // Each thing is in its current state, for this reader.
    assert_eq!(all.messages.first(), Some(&first));
    for message in &all.messages {
        assert_eq!(*message, store.seen(message.id, cleo).await);
    }
    let [owner, gone, newcomer] = all.members.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(*owner, store.seat(room, ana).await);
    assert!(gone.left_at.is_some());
    assert_eq!(*newcomer, store.seat(room, cleo).await);

    // (since, the revs of what has changed since)
    let table: &[(i64, &[i64])] = &[
        (2, &[6, 7, 8, 9, 10, 12]),
        (5, &[6, 7, 8, 9, 10, 12]),
        (6, &[7, 8, 9, 10, 12]),
        (8, &[9, 10, 12]),
        (9, &[10, 12]),
        (11, &[12]),
    ];
    for (since, expected) in table {
        let some = changes(store, view(room, cleo), *since, 100).await;
        assert_eq!(all_revs(&some), *expected, "since {since}");
        assert_eq!(
            (some.up_to, some.more, some.last),
            (rev(12), false, rev(12))
        );
    }
}

pub async fn changes_are_cut_at_the_limit(store: &Store) {
    let Lived { room, people, .. } = lived(store).await;
    let view = view(room, people[0]);
    let whole = [2, 6, 7, 8, 9, 10, 12];

    for limit in 1..=whole.len() {
        let mut left = whole.as_slice();
        let mut since = 0;
        while !left.is_empty() {
            let some = changes(store, view, since, limit).await;
            let (expected, rest) = left.split_at(limit.min(left.len()));
            assert_eq!(all_revs(&some), expected, "{limit} since {since}");
            assert_eq!(some.more, !rest.is_empty(), "{limit} since {since}");
            // The page covers what came, and not what comes next.
            let (last, next) = (expected.last().unwrap(), rest.first().unwrap_or(&13));
            assert!((*last..*next).contains(&some.up_to.get()), "{some:?}");
            assert_eq!(some.last, rev(12));
            since = some.up_to.get();
            left = rest;
        }
        assert_eq!(since, 12);
    }
}

pub async fn a_whole_room_is_nobodys_view(store: &Store) {
    let Lived { room, people, .. } = lived(store).await;
    let whole = changes(store, View::whole(room), 0, 100).await;
    assert_eq!(all_revs(&whole), [2, 6, 7, 8, 9, 10, 12]);
    let reactions: Vec<_> = whole.messages.iter().flat_map(|it| &it.reactions).collect();
    assert!(
        matches!(reactions.as_slice(), [one] if one.count == 1 && !one.mine),
        "{reactions:?}"
    );
    // Apart from what is relative to the reader, everyone who may read everything sees the same.
    let [ana, ..] = people;
    assert_eq!(whole, changes(store, view(room, ana), 0, 100).await);
}

pub async fn unreadable_messages_are_passed_over(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let [one, two, three, _four] = store.posts(room, ana).await;
    store.change(&one, ana, edit("unreadable still")).await;
    store.change(&three, ana, edit("readable")).await;
    store.change(&two, ana, Change::Delete).await;
    let view = view_above(2, room, ana);

    let all = changes(store, view, 0, 100).await;
    assert_eq!(seqs(&all.messages), [4, 3]);
    assert_eq!((all.up_to, all.more, all.last), (rev(9), false, rev(9)));

    // Only things that this reader may not see have changed.
    let rest = changes(store, view, 8, 100).await;
    assert_eq!(rest.messages, []);
    assert_eq!((rest.up_to, rest.more), (rev(9), false));

    // Page by page nothing is lost around what is skipped, and there is an end.
    let mut met = BTreeMap::new();
    let mut since = 2;
    for _ in 0..10 {
        let some = changes(store, view, since, 1).await;
        assert!(some.up_to.get() > since || !some.more, "{some:?}");
        for message in some.messages {
            assert_eq!(met.insert(message.seq, message.rev), None);
        }
        since = some.up_to.get();
        if !some.more {
            break;
        }
    }
    assert_eq!(since, 9);
    assert_eq!(
        met.into_iter().collect::<Vec<_>>(),
        [(seq(3), rev(8)), (seq(4), rev(6))]
    );
}

pub async fn nothing_new_is_up_to_the_last_rev(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    store.posts::<3>(room, ana).await;
    let nothing = Changes {
        messages: Vec::new(),
        members: Vec::new(),
        room: None,
        up_to: rev(5),
        more: false,
        last: rev(5),
    };
    for since in [5, 6, 1_000, Rev::MAX.get()] {
        assert_eq!(changes(store, view(room, ana), since, 10).await, nothing);
    }
}

pub async fn an_unknown_room_has_no_changes(store: &Store) {
    let [ana] = store.people().await;
    let gone = store.room(ana, &[]).await.id;
    store.posts::<2>(gone, ana).await;
    store.delete_room(gone, ana).await;
    for room in [fresh(), gone] {
        for since in [rev(0), rev(100)] {
            let changes = store.room_log.changes(&view(room, ana), since, 10).await;
            assert_eq!(changes.unwrap(), None);
        }
    }
}

pub async fn heads_tell_where_rooms_stand(store: &Store) {
    let [ana, ben] = store.people().await;
    let rooms: [Room; 3] = [
        store.room(ana, &[ben]).await,
        store.room(ana, &[]).await,
        store.room(ana, &[]).await,
    ];
    let [busy, empty, gone] = rooms.map(|room| room.id);
    let [first, _] = store.posts(busy, ana).await;
    store.change(&first, ana, edit("changed")).await;
    store.leave(busy, ben).await;
    store.delete_room(gone, ana).await;

    let mut asked = vec![empty, fresh(), busy, gone];
    asked.extend(unknown::<RoomId>());
    let mut heads = store.room_log.heads(&asked).await.unwrap();
    heads.sort_by_key(|head| head.room);
    let head = |room, seq_number, rev_number| Head {
        room,
        seq: seq(seq_number),
        rev: rev(rev_number),
    };
    assert_eq!(heads, [head(busy, 2, 7), head(empty, 0, 2)]);
    assert_eq!(store.room_log.heads(&[]).await.unwrap(), []);
}

pub async fn the_epoch_stays(store: &Store) {
    let before = store.room_log.epoch().await.unwrap();
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    store.posts::<2>(room, ana).await;
    store.delete_room(room, ana).await;
    assert_eq!(store.room_log.epoch().await.unwrap(), before);
}

async fn changes(store: &Store, view: View, since: i64, limit: usize) -> Changes {
    let changes = store.room_log.changes(&view, rev(since), limit).await;
    changes.unwrap().unwrap()
}

/// The revs of all changes, rising. Each kind must rise by itself.
fn all_revs(changes: &Changes) -> Vec<i64> {
    let messages = revs(&changes.messages);
    let members: Vec<i64> = changes.members.iter().map(|it| it.rev.get()).collect();
    assert!(messages.is_sorted() && members.is_sorted());
    let room = changes.room.iter().map(|room| room.rev.get());
    let mut all: Vec<i64> = messages.into_iter().chain(members).chain(room).collect();
    all.sort_unstable();
    all
}
