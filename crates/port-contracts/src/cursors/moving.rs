//! Moving cursors.

use domain::port::cursors::Moved;
use domain::port::rooms::Step;
use domain::{Notifications, Role, RoomId, Seq, Timestamp, UserId};

use super::scene::{Reader, cursors, to};
use crate::made::{room_id, seq};
use crate::{CROWD, ROUNDS, Store, at, at_once, fresh};

pub async fn cursors_only_move_forward(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<CROWD>(room, ana).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.moves(Some(4), Some(6)).await, to(4, 6, true));
    assert_eq!(reader.moves(Some(2), Some(5)).await, to(4, 6, false));
    assert_eq!(reader.moves(Some(4), Some(6)).await, to(4, 6, false));
    assert_eq!(reader.moves(Some(3), Some(7)).await, to(4, 7, true));
    assert_eq!(reader.moves(Some(5), Some(1)).await, to(5, 7, true));
    assert_eq!(reader.moves(None, None).await, to(5, 7, false));
    assert_eq!(reader.stands().await, cursors(5, 7));

    for _ in 0..ROUNDS {
        let [cleo] = store.people().await;
        store.join(room, cleo).await;
        many_move(store, room, cleo).await;
        let [dora] = store.people().await;
        store.join(room, dora).await;
        one_reads_while_others_act(store, room, dora).await;
    }
    assert_eq!(reader.stands().await, cursors(5, 7));
}

/// Moves to different seqs concurrently, the last ones first; every other move is only of the delivery
/// cursor.
async fn many_move(store: &Store, room: RoomId, user: UserId) {
    let answers = at_once(CROWD, |number| {
        let store = store.clone();
        let place = i64::try_from(CROWD - number).unwrap();
        let reads = number % 2 == 1;
        async move {
            let store = &store;
            let reader = Reader { store, room, user };
            let moved = reader.moves(reads.then_some(place), Some(place)).await;
            let after = reader.stands().await;
            (reads, seq(place), moved, after)
        }
    })
    .await;
    for (reads, place, answer, after) in answers {
        let Moved::To { cursors, advanced } = answer else {
            panic!("{answer:?}");
        };
        assert!(cursors.delivered >= cursors.read.max(place));
        assert!(!reads || cursors.read >= place);
        let moved = cursors.delivered == place || reads && cursors.read == place;
        assert_eq!(advanced, moved);
        assert!(after.read >= cursors.read && after.delivered >= cursors.delivered);
    }
    let reader = Reader { store, room, user };
    assert_eq!(reader.stands().await, cursors(19, 20));
}

/// Cursors and the rest of a membership are stored together, yet a change to one leaves the other
/// alone.
async fn one_reads_while_others_act(store: &Store, room: RoomId, user: UserId) {
    let until = Some(at(500));
    at_once(CROWD, |number| {
        let store = store.clone();
        async move {
            let reader = Reader {
                store: &store,
                room,
                user,
            };
            for turn in 1..=4 {
                let role = [Role::Member, Role::Admin][turn % 2];
                let place = i64::try_from(number / 4 * 4 + turn).unwrap();
                match number % 4 {
                    0 => reader.is_dealt(Step::GiveRole { user, role }).await,
                    1 => reader.is_dealt(Step::Silence { user, until }).await,
                    2 => reader.mutes(until).await,
                    _ => reader.reads(place).await,
                }
            }
        }
    })
    .await;
    let seat = store.seat(room, user).await;
    assert_eq!(seat.cursors, cursors(20, 20));
    assert_eq!(seat.silenced_until, until);
    assert_eq!(seat.notifications, Notifications::Muted { until });
}

impl Reader<'_> {
    async fn is_dealt(&self, step: Step) {
        self.store.act(self.room, self.user, vec![step]).await;
    }

    async fn mutes(&self, until: Option<Timestamp>) {
        let muted = Notifications::Muted { until };
        let noted = self.store.members.notify(self.room, self.user, muted).await;
        assert!(noted.unwrap());
    }

    async fn reads(&self, place: i64) {
        self.moves(Some(place), None).await;
        assert!(self.stands().await.read >= seq(place));
    }
}

pub async fn what_is_read_is_delivered(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<6>(room, ana).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.stands().await, cursors(0, 0));
    assert_eq!(reader.moves(None, Some(1)).await, to(0, 1, true));
    assert_eq!(reader.moves(Some(2), None).await, to(2, 2, true));
    assert_eq!(reader.moves(None, Some(4)).await, to(2, 4, true));
    assert_eq!(reader.moves(Some(3), None).await, to(3, 4, true));
    assert_eq!(reader.moves(Some(6), Some(5)).await, to(6, 6, true));
    assert_eq!(reader.moves(None, Some(5)).await, to(6, 6, false));
    assert_eq!(reader.stands().await, cursors(6, 6));
}

pub async fn a_cursor_stays_within_the_log(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let reader = Reader {
        store,
        room,
        user: ben,
    };
    let beyond = |last: i64| Moved::Beyond { last: seq(last) };
    assert_eq!(reader.moves(Some(1), None).await, beyond(0));
    assert_eq!(reader.moves(Some(0), Some(0)).await, to(0, 0, false));

    store.posts::<3>(room, ana).await;
    assert_eq!(reader.moves(Some(4), None).await, beyond(3));
    assert_eq!(reader.moves(None, Some(4)).await, beyond(3));
    assert_eq!(reader.moves(Some(4), Some(2)).await, beyond(3));
    assert_eq!(reader.moves(Some(2), Some(4)).await, beyond(3));
    let farthest = Seq::MAX.get();
    assert_eq!(reader.moves(Some(farthest), None).await, beyond(3));
    assert_eq!(reader.stands().await, cursors(0, 0));
    assert_eq!(reader.moves(Some(3), Some(3)).await, to(3, 3, true));
    assert_eq!(reader.moves(Some(4), None).await, beyond(3));
    assert_eq!(reader.stands().await, cursors(3, 3));
}

pub async fn only_members_have_cursors(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<3>(room, ana).await;
    let bens = Reader {
        store,
        room,
        user: ben,
    };
    bens.moves(Some(1), Some(2)).await;
    store.leave(room, ben).await;

    for (room, user) in [(room, ben), (room, cleo), (room, fresh()), (room_id(), ana)] {
        let stranger = Reader { store, room, user };
        let answer = stranger.moves(Some(1), Some(1)).await;
        assert_eq!(answer, Moved::NotMember);
        assert_eq!(stranger.moves(Some(3), None).await, Moved::NotMember);
    }
    store.join(room, ben).await;
    assert_eq!(bens.stands().await, cursors(1, 2));
}

pub async fn moving_spends_no_rev(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    store.posts::<3>(room, ana).await;
    let before = store.present(room).await;
    let seat = store.seat(room, ben).await;

    let reader = Reader {
        store,
        room,
        user: ben,
    };
    assert_eq!(reader.moves(Some(2), Some(3)).await, to(2, 3, true));
    assert_eq!(store.present(room).await, before);
    let expected = domain::Membership {
        cursors: cursors(2, 3),
        ..seat
    };
    assert_eq!(store.seat(room, ben).await, expected);
    assert_eq!(store.head(room).await.rev, before.last_rev);
}
