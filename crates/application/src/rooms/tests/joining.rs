//! Joining, by any door.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::{AccessChange, MemberChange, Notice, RoomChange};
use domain::{InviteCode, Refusal, Role, RoomId};

use super::super::{Door, InviteDesk, InvitePlan, JoinRoom};
use crate::testing::{RemovingRooms, Stage, at_once, refusal, says, seq};
use crate::{Caller, Error, RoomView};

fn join(stage: &Stage) -> JoinRoom {
    JoinRoom::new(&stage.world.ports, &stage.standings)
}

async fn enter(stage: &Stage, who: &Caller, door: Door) -> Result<RoomView, Error> {
    join(stage).run(who, door).await
}

async fn invite(stage: &Stage, room: RoomId, plan: InvitePlan) -> InviteCode {
    let desk = InviteDesk::new(&stage.world.ports, &stage.standings);
    desk.create(&stage.owner, room, plan).await.unwrap().code
}

#[tokio::test]
async fn public_rooms_are_open_and_others_are_not() {
    let stage = Stage::new().await;
    let join = join(&stage);
    let verdicts = stage.table(async |who, spot| join.run(&who, Door::Room(spot.room, None)).await);
    assert_eq!(
        verdicts.await,
        [
            "ok banned ok ok ok ok",
            "unknown banned ok ok ok ok",
            "unknown conflict",
        ]
    );
}

#[tokio::test]
async fn a_newcomer_is_a_member_and_told_of_once() {
    let stage = Stage::new().await;
    let mut ear = stage.world.ear().await;
    let door = || Door::Room(stage.public, None);
    let view = enter(&stage, &stage.stranger, door()).await.unwrap();
    let membership = view.standing.unwrap().membership;
    assert_eq!(membership.role, Role::Member);
    assert_eq!(membership.joined_at, stage.world.now());
    assert_eq!(view.room.member_count, 6);
    let changed = Notice::Changed {
        room: stage.public,
        changes: vec![RoomChange::Member(membership, MemberChange::Joined)],
    };
    let access = Notice::AccessChanged {
        room: stage.public,
        user: stage.stranger.user,
        change: AccessChange::Added,
    };
    assert_eq!(ear.heard(), [changed, access]);
    let again = enter(&stage, &stage.stranger, door()).await.unwrap();
    assert_eq!(again.room.last_rev, view.room.last_rev);
    assert_eq!(again.room.member_count, 6);
    assert_eq!(ear.heard(), []);
}

#[tokio::test]
async fn who_is_removed_at_once_is_shown_the_room_as_they_joined_it() {
    let mut stage = Stage::new().await;
    let code = invite(&stage, stage.private, InvitePlan::default()).await;
    stage.world.ports.rooms = RemovingRooms::over(&stage.world.ports.rooms);
    for (door, who, members) in [
        (Door::Room(stage.public, None), stage.stranger, 6),
        (Door::Invite(code), stage.stranger, 6),
        // Joining again is not refused either.
        (Door::Room(stage.public, None), stage.member, 5),
    ] {
        let view = enter(&stage, &who, door).await.unwrap();
        assert_eq!(view.room.member_count, members);
        let membership = view.standing.unwrap().membership;
        assert_eq!((membership.user, membership.left_at), (who.user, None));
        let access = stage.world.ports.rooms.access(view.room.id, who.user);
        assert_eq!(access.await.unwrap().unwrap().membership, None);
    }
}

#[tokio::test]
async fn an_invite_opens_a_private_room_by_either_door() {
    let stage = Stage::new().await;
    let code = invite(&stage, stage.private, InvitePlan::default()).await;
    let (one, other) = (&stage.stranger, stage.world.user("other").await);
    let by_room = Door::Room(stage.private, Some(code.clone()));
    assert!(enter(&stage, one, by_room).await.is_ok());
    let by_code = Door::Invite(code.clone());
    assert!(enter(&stage, &other, by_code).await.is_ok());
    let uses = stage.world.ports.invites.find(&code).await.unwrap();
    assert_eq!(uses.unwrap().uses, 2);
    let again = enter(&stage, one, Door::Invite(code.clone())).await;
    assert!(again.is_ok());
    let uses = stage.world.ports.invites.find(&code).await.unwrap();
    assert_eq!(uses.unwrap().uses, 2);
}

#[tokio::test]
async fn the_standing_invite_opens_until_it_is_revoked() {
    let stage = Stage::new().await;
    let room = stage.world.private_room(&stage.owner).await;
    let code = room.standing_invite.unwrap();
    let door = || Door::Invite(code.clone());
    assert!(enter(&stage, &stage.member, door()).await.is_ok());
    let desk = InviteDesk::new(&stage.world.ports, &stage.standings);
    desk.revoke(&stage.owner, room.id, code.as_str())
        .await
        .unwrap();
    let answer = enter(&stage, &stage.stranger, door()).await;
    assert_eq!(refusal(answer), Refusal::InviteExpired);
}

#[tokio::test]
async fn an_expired_invite_opens_nothing() {
    let stage = Stage::new().await;
    let plan = InvitePlan {
        expires_in: Some(Duration::from_mins(1)),
        max_uses: None,
    };
    for room in [stage.private, stage.public] {
        let code = invite(&stage, room, plan).await;
        stage.world.pass(Duration::from_mins(1));
        let answer = enter(&stage, &stage.stranger, Door::Invite(code)).await;
        assert_eq!(refusal(answer), Refusal::InviteExpired);
    }
}

#[tokio::test]
async fn unknown_codes_and_those_of_other_rooms_open_nothing() {
    let stage = Stage::new().await;
    let unknown = InviteCode::from_bits([3; 16]);
    let elsewhere = stage.world.private_room(&stage.owner).await.id;
    let other = invite(&stage, elsewhere, InvitePlan::default()).await;
    for door in [
        Door::Invite(unknown.clone()),
        Door::Room(stage.private, Some(unknown)),
        Door::Room(stage.private, Some(other)),
    ] {
        let answer = enter(&stage, &stage.stranger, door).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }
}

#[tokio::test]
async fn no_invite_lets_the_banned_in() {
    let stage = Stage::new().await;
    for room in [stage.private, stage.public] {
        let code = invite(&stage, room, InvitePlan::default()).await;
        for door in [Door::Invite(code.clone()), Door::Room(room, Some(code))] {
            let answer = enter(&stage, &stage.banned, door).await;
            assert_eq!(refusal(answer), Refusal::Banned);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_lets_in_as_many_as_it_says() {
    let stage = Stage::new().await;
    let plan = InvitePlan {
        expires_in: None,
        max_uses: Some(5),
    };
    let code = invite(&stage, stage.private, plan).await;
    let mut guests = Vec::new();
    for number in 0..20 {
        guests.push(stage.world.user(&format!("guest{number}")).await);
    }
    let join = Arc::new(join(&stage));
    let queue = std::sync::Mutex::new(guests);
    let answers = at_once(20, || {
        let join = Arc::clone(&join);
        let (guest, door) = (queue.lock().unwrap().pop(), Door::Invite(code.clone()));
        async move { join.run(&guest.unwrap(), door).await }
    });
    let (inside, outside): (Vec<_>, Vec<_>) = answers.await.into_iter().partition(Result::is_ok);
    assert_eq!((inside.len(), outside.len()), (5, 15));
    for answer in outside {
        assert_eq!(refusal(answer), Refusal::InviteExpired);
    }
}

#[tokio::test]
async fn who_joins_again_reads_from_a_new_beginning_on() {
    let stage = Stage::new().await;
    let (room, ..) = stage.joined_room().await;
    assert_eq!(
        stage.world.membership(room, &stage.member).await.from_seq,
        seq(1)
    );
    stage.world.leave(room, &stage.member).await;
    stage.world.post(room, &stage.owner, "meanwhile").await;
    let view = enter(&stage, &stage.member, Door::Room(room, None)).await;
    let view = view.unwrap();
    let standing = view.standing.unwrap();
    assert_eq!(standing.membership.from_seq, seq(3));
    assert_eq!(standing.unread, 0);
    assert_eq!(view.last_message, None);
}

#[tokio::test]
async fn a_silence_outlasts_leaving_and_coming_back() {
    let stage = Stage::new().await;
    stage.world.leave(stage.public, &stage.silenced).await;
    let door = Door::Room(stage.public, None);
    enter(&stage, &stage.silenced, door).await.unwrap();
    let post = stage.poster();
    let answer = post.run(&stage.silenced, stage.public, says("hi")).await;
    assert!(matches!(refusal(answer), Refusal::Muted { .. }));
}
