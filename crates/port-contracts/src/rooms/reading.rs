//! Reading rooms.

use domain::port::rooms::{Access, Step};
use domain::{Membership, Room, RoomId, UserId};

use super::scene::ids;
use crate::made::room_id;
use crate::{Store, at, new_message};

pub async fn access_tells_member_stranger_and_banned(store: &Store) {
    let [ana, ben, cleo, dora, eve] = store.people().await;
    let room = store.room(ana, &[ben, dora, eve]).await.id;
    let shut_out = vec![Step::Depart { user: dora }, Step::Ban { user: dora }];
    store.act(room, ana, shut_out).await;
    store.leave(room, eve).await;
    store.post(room, ana, "hello").await;

    let present = store.present(room).await;
    let members = store.members.page(room, None, 10).await.unwrap();
    for (user, banned) in [
        (ana, false),
        (ben, false),
        (cleo, false),
        (dora, true),
        (eve, false),
    ] {
        let expected = Access {
            room: present.clone(),
            membership: members.iter().find(|member| member.user == user).cloned(),
            banned,
        };
        assert_eq!(access(store, room, user).await, Some(expected));
    }
    let belong: Vec<UserId> = members.iter().map(|member| member.user).collect();
    assert_eq!(belong, [ana, ben]);

    store
        .act(room, ana, vec![Step::LiftBan { user: dora }])
        .await;
    let forgiven = access(store, room, dora).await.unwrap();
    assert_eq!((forgiven.membership, forgiven.banned), (None, false));

    assert_eq!(access(store, room_id(), ana).await, None);
    store.delete_room(room, ana).await;
    for user in [ana, cleo] {
        assert_eq!(access(store, room, user).await, None);
    }
}

pub async fn accesses_tell_the_same_of_many_rooms(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let mut asked = Vec::new();
    for _ in 0..490 {
        asked.push(store.room(ana, &[]).await.id);
    }
    let [member, left, banned, private, direct] = [
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[ben]).await.id,
        store.private_room(ana, &[ben]).await.id,
        store.direct(ana, ben).await.id,
    ];
    let gone = store.room(ana, &[ben]).await.id;
    store.leave(left, ben).await;
    let shut_out = vec![Step::Depart { user: ben }, Step::Ban { user: ben }];
    store.act(banned, ana, shut_out).await;
    store.post(member, ben, "hello").await;
    store.delete_room(gone, ana).await;
    asked.extend([
        member,
        left,
        banned,
        private,
        direct,
        gone,
        room_id(),
        member,
    ]);

    for user in [ana, ben, cleo] {
        let mut expected = Vec::new();
        for room in &asked[..asked.len() - 1] {
            expected.extend(access(store, *room, user).await);
        }
        let mut accesses = store.rooms.accesses(&asked, user).await.unwrap();
        assert_eq!(accesses.len(), 495);
        expected.sort_unstable_by_key(|access| access.room.id);
        accesses.sort_unstable_by_key(|access| access.room.id);
        assert_eq!(accesses, expected);
    }
    assert_eq!(store.rooms.accesses(&[], ana).await.unwrap(), []);
}

pub async fn find_keeps_the_order_asked_for(store: &Store) {
    let [ana, ben] = store.people().await;
    let public = store.room(ana, &[]).await;
    let gone = store.room(ana, &[]).await;
    let private = store.private_room(ana, &[]).await;
    let direct = store.direct(ana, ben).await;
    store.delete_room(gone.id, ana).await;

    let asked = [private.id, room_id(), direct.id, gone.id, public.id];
    let found = store.rooms.find(&asked).await.unwrap();
    assert_eq!(found, [private, direct, public]);
    assert_eq!(store.rooms.find(&[]).await.unwrap(), []);
}

pub async fn of_member_lists_living_memberships(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    assert_eq!(store.rooms.of_member(ana).await.unwrap(), []);

    let public = store.room(ana, &[ben]).await.id;
    let direct = store.direct(ana, ben).await.id;
    let private = store.private_room(ben, &[ana]).await.id;
    let quiet = store
        .room_with(ben, &[ana], |room| room.at = at(35))
        .await
        .id;
    let left = store.room(ben, &[ana]).await.id;
    let gone = store.room(ana, &[]).await.id;
    let foreign = store.room(cleo, &[ben]).await.id;
    for (room, moment) in [
        (public, 40),
        (private, 30),
        (left, 90),
        (direct, 50),
        (foreign, 80),
    ] {
        post_at(
            store,
            room,
            if room == foreign { cleo } else { ben },
            moment,
        )
        .await;
    }
    store.leave(left, ana).await;
    store.delete_room(gone, ana).await;
    // Joining and leaving is not activity.
    store.join(private, cleo).await;

    let mine = store.rooms.of_member(ana).await.unwrap();
    let rooms: Vec<Room> = mine.iter().map(|(room, _)| room.clone()).collect();
    assert_eq!(ids(&rooms), [direct, public, quiet, private]);
    let moments: Vec<_> = rooms.iter().map(|room| room.active_at).collect();
    assert_eq!(moments, [at(50), at(40), at(35), at(30)]);
    for (room, membership) in mine {
        assert_eq!(
            (&room, &membership),
            (
                &store.present(room.id).await,
                &store.seat(room.id, ana).await
            )
        );
    }

    post_at(store, private, ben, 60).await;
    let mine = store.rooms.of_member(ana).await.unwrap();
    let first: Option<&(Room, Membership)> = mine.first();
    assert_eq!(first.map(|(room, _)| room.id), Some(private));
    assert_eq!(mine.len(), 4);
}

async fn access(store: &Store, room: RoomId, user: UserId) -> Option<Access> {
    store.rooms.access(room, user).await.unwrap()
}

async fn post_at(store: &Store, room: RoomId, sender: UserId, moment: i64) {
    let mut new = new_message(room, sender, "hello");
    new.at = at(moment);
    store.append(new).await;
}
