//! Handing a room over, leaving it, and deleting it.

use std::sync::{Arc, Mutex};

use domain::port::bus::{AccessChange, MemberChange, Notice, Removal, RoomChange};
use domain::{Edit, Refusal, Role, RoomId, RoomName};

use super::super::{
    ChangeMember, DeleteRoom, EditRoom, LeaveRoom, MemberChanges, ReadRoom, RoomChanges,
};
use crate::Caller;
use crate::testing::{RemovingRooms, Stage, at_once, refusal};

const GIVEN_AWAY: MemberChanges = MemberChanges {
    role: Some(Role::Owner),
    silenced_until: Edit::Keep,
};

fn change(stage: &Stage) -> ChangeMember {
    ChangeMember::new(&stage.world.ports, &stage.standings)
}

fn leave(stage: &Stage) -> LeaveRoom {
    LeaveRoom::new(&stage.world.ports, &stage.standings)
}

async fn role(stage: &Stage, room: RoomId, who: &Caller) -> Role {
    stage.world.membership(room, who).await.role
}

#[tokio::test]
async fn a_room_handed_over_has_one_owner_and_one_more_admin() {
    let stage = Stage::new().await;
    let change = change(&stage);
    let mut ear = stage.world.ear().await;
    let (room, member) = (stage.public, stage.member.user);
    let view = change.run(&stage.owner, room, member, GIVEN_AWAY).await;
    assert_eq!(view.unwrap().membership.role, Role::Owner);
    assert_eq!(role(&stage, room, &stage.owner).await, Role::Admin);
    let read = ReadRoom::new(&stage.world.ports);
    let owned = read.run(&stage.member, room).await.unwrap();
    assert_eq!(owned.room.owner, Some(member));

    let heard = ear.heard();
    let [Notice::Changed { changes, .. }, one, other] = heard.as_slice() else {
        panic!("{heard:?}");
    };
    let [
        RoomChange::Member(_, MemberChange::Role),
        RoomChange::Member(_, MemberChange::Role),
        RoomChange::Room(_),
    ] = changes.as_slice()
    else {
        panic!("{changes:?}");
    };
    for notice in [one, other] {
        assert!(matches!(
            notice,
            Notice::AccessChanged {
                change: AccessChange::Changed,
                ..
            }
        ));
    }
    // The former owner has lost the owner's rights.
    let answer = change.run(&stage.owner, room, stage.admin.user, GIVEN_AWAY);
    assert_eq!(refusal(answer.await), Refusal::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_hand_overs_at_once_one_is_done() {
    let stage = Stage::new().await;
    let room = stage.world.room(&stage.owner).await.id;
    let mut heirs = Vec::new();
    for number in 0..10 {
        let heir = stage.world.user(&format!("heir{number}")).await;
        stage.world.join(room, &heir).await;
        heirs.push(heir);
    }
    let change = Arc::new(change(&stage));
    let queue = Mutex::new(heirs.clone());
    let answers = at_once(10, || {
        let (change, owner) = (Arc::clone(&change), stage.owner);
        let heir = queue.lock().unwrap().pop().unwrap();
        async move { change.run(&owner, room, heir.user, GIVEN_AWAY).await }
    });
    let done = answers.await.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(done, 1);
    let mut owners = 0;
    for heir in &heirs {
        owners += usize::from(role(&stage, room, heir).await == Role::Owner);
    }
    assert_eq!(owners, 1);
    assert_eq!(role(&stage, room, &stage.owner).await, Role::Admin);
}

#[tokio::test]
async fn only_members_get_a_room() {
    let stage = Stage::new().await;
    for outsider in [&stage.stranger, &stage.banned] {
        let answer = change(&stage)
            .run(&stage.owner, stage.public, outsider.user, GIVEN_AWAY)
            .await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }
}

#[tokio::test]
async fn everybody_but_the_owner_leaves() {
    let stage = Stage::new().await;
    let leave = leave(&stage);
    let answer = leave.run(&stage.owner, stage.public).await;
    assert_eq!(refusal(answer), Refusal::OwnerMustHandOver);
    let verdicts = stage.table(async |who, spot| {
        if who == stage.owner {
            return Ok(());
        }
        leave.run(&who, spot.room).await
    });
    assert_eq!(
        verdicts.await,
        [
            "forbidden banned ok ok ok ok",
            "unknown unknown ok ok ok ok",
            "unknown conflict",
        ]
    );
}

#[tokio::test]
async fn the_last_to_leave_deletes_the_room() {
    let stage = Stage::new().await;
    let room = stage.world.room(&stage.owner).await.id;
    stage.world.join(room, &stage.member).await;
    let leave = leave(&stage);
    let answer = leave.run(&stage.owner, room).await;
    assert_eq!(refusal(answer), Refusal::OwnerMustHandOver);
    leave.run(&stage.member, room).await.unwrap();
    leave.run(&stage.owner, room).await.unwrap();
    let read = ReadRoom::new(&stage.world.ports);
    let answer = read.run(&stage.owner, room).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
}

#[tokio::test]
async fn only_the_owner_deletes_and_everybody_is_told() {
    let stage = Stage::new().await;
    let delete = DeleteRoom::new(&stage.world.ports, &stage.standings);
    for (who, expected) in [
        (&stage.stranger, Refusal::Forbidden),
        (&stage.banned, Refusal::Banned),
        (&stage.member, Refusal::Forbidden),
        (&stage.admin, Refusal::Forbidden),
    ] {
        let answer = delete.run(who, stage.public).await;
        assert_eq!(refusal(answer), expected);
    }
    let mut ear = stage.world.ear().await;
    delete.run(&stage.owner, stage.public).await.unwrap();
    let mut heard = ear.heard();
    let Notice::Changed { changes, .. } = heard.remove(0) else {
        panic!("{heard:?}");
    };
    assert!(matches!(changes.as_slice(), [RoomChange::RoomDeleted(_)]));
    let of_everybody = [
        &stage.author,
        &stage.member,
        &stage.silenced,
        &stage.admin,
        &stage.owner,
    ];
    assert_eq!(heard.len(), of_everybody.len());
    for who in of_everybody {
        assert!(heard.contains(&Notice::AccessChanged {
            room: stage.public,
            user: who.user,
            change: AccessChange::Removed(Removal::Deleted),
        }));
    }
    let answer = delete.run(&stage.owner, stage.public).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
}

#[tokio::test]
async fn what_was_done_is_shown_although_somebody_is_removed_at_once() {
    let mut stage = Stage::new().await;
    stage.world.ports.rooms = RemovingRooms::over(&stage.world.ports.rooms);
    let edit = EditRoom::new(&stage.world.ports, &stage.standings);
    let wish = RoomChanges {
        name: Some(RoomName::parse("garden").unwrap()),
        ..RoomChanges::default()
    };
    let view = edit.run(&stage.admin, stage.public, wish.clone()).await;
    assert_eq!(view.unwrap().room.name, wish.name);

    let (room, member) = (stage.private, stage.member.user);
    let silence = MemberChanges {
        role: None,
        silenced_until: Edit::Set(stage.world.now()),
    };
    let answer = change(&stage)
        .run(&stage.owner, room, member, silence)
        .await;
    let shown = answer.unwrap().membership;
    assert_eq!((shown.user, shown.left_at.is_some()), (member, true));
}

#[tokio::test]
async fn an_edit_is_told_and_one_that_changes_nothing_is_not() {
    let stage = Stage::new().await;
    let edit = EditRoom::new(&stage.world.ports, &stage.standings);
    let wish = RoomChanges {
        name: Some(RoomName::parse("garden").unwrap()),
        private: Some(true),
        ..RoomChanges::default()
    };
    let mut ear = stage.world.ear().await;
    let run = async |changes| edit.run(&stage.admin, stage.public, changes).await;
    let view = run(wish.clone()).await.unwrap();
    assert_eq!(view.room.name, wish.name);
    assert_eq!(view.room.kind, domain::RoomKind::Private);
    assert!(view.invite.is_some());
    assert!(matches!(ear.only(), Notice::Changed { .. }));
    let again = run(wish).await.unwrap();
    assert_eq!((again.room.rev, again.invite), (view.room.rev, view.invite));
    assert_eq!(ear.heard(), []);

    let public = RoomChanges {
        private: Some(false),
        ..RoomChanges::default()
    };
    let view = run(public).await.unwrap();
    assert_eq!(
        (view.room.kind, view.invite),
        (domain::RoomKind::Public, None)
    );
}
