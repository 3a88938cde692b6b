//! Joining, leaving, and coming back.

use domain::port::cursors::{CursorMove, Moved};
use domain::port::rooms::{Act, Outcome, RoomEdit, Step};
use domain::{Cursors, History, Membership, Notifications, Role, RoomId, UserId};

use crate::made::{act, rev, seq};
use crate::{CROWD, Store, at, at_once};

pub async fn admitting_counts_and_departing_uncounts(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[]).await.id;

    let came = store.join(room, ben).await;
    assert_eq!(came.room.member_count, 2);
    assert_eq!(came.members, [store.seat(room, ben).await]);
    assert_eq!(store.present(room).await, came.room);
    nothing_happened(&store.join(room, ben).await, &came);

    let went = store.leave(room, ben).await;
    assert_eq!(went.room.member_count, 1);
    assert_eq!(went.members.len(), 1);
    assert_eq!(went.members[0].left_at, Some(at(1)));
    assert_eq!(went.members[0].rev, rev(4));
    assert_eq!(store.members.find(room, &[ben]).await.unwrap(), []);
    nothing_happened(&store.leave(room, ben).await, &went);

    let crowd = at_once(CROWD, |_| {
        let store = store.clone();
        async move { store.join(room, ben).await }
    })
    .await;
    let admitted = crowd.iter().filter(|outcome| !outcome.members.is_empty());
    assert_eq!(admitted.count(), 1);
    assert_eq!(store.present(room).await.member_count, 2);
    assert_eq!(store.present(room).await.last_rev, rev(5));

    let people = store.people::<CROWD>().await;
    at_once(CROWD, |number| {
        let (store, user) = (store.clone(), people[number]);
        async move {
            store.join(room, user).await;
            if number % 2 == 0 {
                store.leave(room, user).await;
            }
        }
    })
    .await;
    let present = store.present(room).await;
    assert_eq!(present.member_count, 12);
    assert_eq!(present.last_rev, rev(35));
    let members = store.members.page(room, None, 100).await.unwrap();
    assert_eq!(members.len(), 12);
}

pub async fn who_comes_back_keeps_their_cursors(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let before = leave_halfway(store, room, ana, ben).await;

    let later = Act {
        at: at(80),
        ..act(room, ben)
    };
    let steps = vec![Step::Admit { user: ben }];
    let outcome = store.carry_out(&later, steps.clone()).await;
    let expected = Membership {
        role: Role::Member,
        joined_at: at(80),
        left_at: None,
        from_seq: seq(0),
        rev: before.rev.next(),
        cursors: cursors(3, 4),
        silenced_until: Some(at(9_000)),
        notifications: outcome.members[0].notifications,
        ..before
    };
    assert_eq!(outcome.members, [expected.clone()]);
    assert_eq!(store.seat(room, ben).await, expected);

    let recent = store.room_of_joined_history(ana, &[ben]).await.id;
    let before = leave_halfway(store, recent, ana, ben).await;
    let later = Act {
        at: at(80),
        ..act(recent, ben)
    };
    let outcome = store.carry_out(&later, steps).await;
    let expected = Membership {
        role: Role::Member,
        joined_at: at(80),
        left_at: None,
        from_seq: seq(7),
        rev: before.rev.next(),
        cursors: cursors(7, 7),
        silenced_until: Some(at(9_000)),
        notifications: outcome.members[0].notifications,
        ..before
    };
    assert_eq!(outcome.members, [expected.clone()]);
    assert_eq!(store.seat(recent, ben).await, expected);

    // The history setting that counts is the current one.
    store.leave(recent, ben).await;
    set_history(store, recent, ana, History::All).await;
    store.posts::<2>(recent, ana).await;
    let outcome = store.join(recent, ben).await;
    assert_eq!(outcome.members[0].from_seq, seq(0));
    assert_eq!(outcome.members[0].cursors, cursors(7, 7));
}

/// A silenced admin reads some of five messages and leaves; two more are posted. Returns the tombstone,
/// as if the messages had come before.
async fn leave_halfway(store: &Store, room: RoomId, owner: UserId, user: UserId) -> Membership {
    store.posts::<5>(room, owner).await;
    let halfway = CursorMove {
        room,
        user,
        read: Some(seq(3)),
        delivered: Some(seq(4)),
    };
    let moved = store.cursors.advance(&halfway).await.unwrap();
    assert!(matches!(moved, Moved::To { advanced: true, .. }));
    let steps = vec![
        Step::GiveRole {
            user,
            role: Role::Admin,
        },
        Step::Silence {
            user,
            until: Some(at(9_000)),
        },
    ];
    store.act(room, owner, steps).await;
    let mut tombstone = store.leave(room, user).await.members.remove(0);
    assert_eq!(tombstone.cursors, cursors(3, 4));
    assert_eq!(tombstone.silenced_until, Some(at(9_000)));
    store.posts::<2>(room, owner).await;
    tombstone.rev = tombstone.rev.next().next();
    tombstone
}

pub async fn a_newcomer_reads_from_where_history_says(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let open = store.room(ana, &[]).await.id;
    store.posts::<3>(open, ana).await;
    let outcome = store.join(open, ben).await;
    let newcomer = Membership {
        room: open,
        user: ben,
        role: Role::Member,
        joined_at: at(1),
        left_at: None,
        from_seq: seq(0),
        rev: rev(6),
        cursors: cursors(0, 0),
        silenced_until: None,
        notifications: Notifications::On,
    };
    assert_eq!(outcome.members, [newcomer.clone()]);
    assert_eq!(newcomer.unread(&outcome.room), 3);

    let recent = store.room_of_joined_history(ana, &[cleo]).await.id;
    store.posts::<3>(recent, ana).await;
    let outcome = store.join(recent, ben).await;
    let newcomer = Membership {
        room: recent,
        from_seq: seq(3),
        rev: rev(7),
        cursors: cursors(3, 3),
        ..newcomer
    };
    assert_eq!(outcome.members, [newcomer.clone()]);
    assert_eq!(newcomer.unread(&outcome.room), 0);
    assert_eq!(store.seat(recent, cleo).await.from_seq, seq(0));

    set_history(store, recent, ana, History::All).await;
    let outcome = store.join(recent, dora).await;
    assert_eq!(outcome.members[0].from_seq, seq(0));
    assert_eq!(store.seat(recent, ben).await, newcomer);
}

async fn set_history(store: &Store, room: RoomId, owner: UserId, history: History) {
    let edit = RoomEdit {
        history: Some(history),
        ..RoomEdit::default()
    };
    let outcome = store.act(room, owner, vec![Step::Edit(edit)]).await;
    assert_eq!(outcome.room.history, history);
}

fn nothing_happened(outcome: &Outcome, before: &Outcome) {
    assert_eq!(outcome.room, before.room);
    assert_eq!(outcome.members, []);
    assert!(!outcome.room_changed);
}

fn cursors(read: i64, delivered: i64) -> Cursors {
    Cursors {
        read: seq(read),
        delivered: seq(delivered),
    }
}
