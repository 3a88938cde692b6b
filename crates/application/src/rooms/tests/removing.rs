//! Removing, banning and silencing users whose membership is cached.

use std::time::Duration;

use domain::port::bus::{AccessChange, Heard, MemberChange, Notice, Removal, RoomChange};
use domain::{Edit, Refusal, Role, RoomId};
use futures::{FutureExt as _, StreamExt as _};

use super::super::{Bans, ChangeMember, Door, JoinRoom, LeaveRoom, MemberChanges, RemoveMember};
use crate::messages::{PostMessage, Standings};
use crate::testing::{Stage, refusal, says};
use crate::{Caller, Error, Posted};

fn removal(stage: &Stage) -> RemoveMember {
    RemoveMember::new(&stage.world.ports, &stage.standings)
}

/// The owner removes a user.
async fn remove(stage: &Stage, room: RoomId, who: &Caller, ban: bool) {
    let removal = removal(stage).run(&stage.owner, room, who.user, ban).await;
    removal.unwrap();
}

/// The owner silences a user in the public room for an hour.
async fn silence(stage: &Stage, who: &Caller) {
    let changes = MemberChanges {
        role: None,
        silenced_until: Edit::Set(stage.world.now() + Duration::from_hours(1)),
    };
    ChangeMember::new(&stage.world.ports, &stage.standings)
        .run(&stage.owner, stage.public, who.user, changes)
        .await
        .unwrap();
}

/// Posts through the same cache that the acts on rooms invalidate.
async fn post(stage: &Stage, who: &Caller, room: RoomId) -> Result<Posted, Error> {
    stage.poster().run(who, room, says("hi")).await
}

#[tokio::test]
async fn who_keeps_order_removes_and_bans_members() {
    for ban in [false, true] {
        let stage = Stage::new().await;
        let removal = removal(&stage);
        // The subject of one attempt is a member again for the next.
        let author = &stage.author;
        let verdicts = stage.table(async |who, spot| {
            let answer = removal.run(&who, spot.room, author.user, ban).await;
            stage.world.join(spot.room, author).await;
            answer
        });
        assert_eq!(
            verdicts.await,
            [
                "forbidden banned forbidden forbidden ok ok",
                "unknown unknown forbidden forbidden ok ok",
                "unknown conflict",
            ]
        );
    }
}

#[tokio::test]
async fn who_is_removed_posts_no_more_although_they_are_remembered() {
    for (ban, expected) in [(false, Refusal::Forbidden), (true, Refusal::Banned)] {
        let stage = Stage::new().await;
        post(&stage, &stage.member, stage.public).await.unwrap();
        post(&stage, &stage.member, stage.private).await.unwrap();
        for room in [stage.public, stage.private] {
            remove(&stage, room, &stage.member, ban).await;
        }
        let answer = post(&stage, &stage.member, stage.public).await;
        assert_eq!(refusal(answer), expected);
        let answer = post(&stage, &stage.member, stage.private).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
    }
}

#[tokio::test]
async fn who_leaves_or_is_silenced_posts_no_more_although_they_are_remembered() {
    let stage = Stage::new().await;
    post(&stage, &stage.member, stage.public).await.unwrap();
    let leave = LeaveRoom::new(&stage.world.ports, &stage.standings);
    leave.run(&stage.member, stage.public).await.unwrap();
    let answer = post(&stage, &stage.member, stage.public).await;
    assert_eq!(refusal(answer), Refusal::Forbidden);

    post(&stage, &stage.author, stage.public).await.unwrap();
    silence(&stage, &stage.author).await;
    let answer = post(&stage, &stage.author, stage.public).await;
    assert!(matches!(refusal(answer), Refusal::Muted { .. }));
    stage.world.pass(Duration::from_hours(1));
    assert!(post(&stage, &stage.author, stage.public).await.is_ok());
}

#[tokio::test]
async fn who_keeps_order_is_not_silenced() {
    let stage = Stage::new().await;
    let change = ChangeMember::new(&stage.world.ports, &stage.standings);
    silence(&stage, &stage.author).await;
    for role in [Role::Admin, Role::Member, Role::Owner] {
        let changes = MemberChanges {
            role: Some(role),
            silenced_until: Edit::Keep,
        };
        let (room, user) = (stage.public, stage.author.user);
        change.run(&stage.owner, room, user, changes).await.unwrap();
        let posted = post(&stage, &stage.author, stage.public).await;
        if role == Role::Member {
            assert!(matches!(refusal(posted), Refusal::Muted { .. }));
        } else {
            assert!(posted.is_ok(), "{role:?}");
        }
    }
}

#[tokio::test]
async fn another_node_forgets_them_by_the_bus() {
    let stage = Stage::new().await;
    let elsewhere = std::sync::Arc::new(Standings::new(&stage.world.ports));
    let there = PostMessage::new(&stage.world.ports, &elsewhere, &stage.world.policy);
    for who in [&stage.member, &stage.author] {
        let posted = there.run(who, stage.public, says("hi")).await;
        posted.unwrap();
    }
    let mut notices = stage.world.ports.bus.listen().await.unwrap();
    remove(&stage, stage.public, &stage.member, false).await;
    silence(&stage, &stage.author).await;
    while let Some(Some(heard)) = notices.next().now_or_never() {
        elsewhere.hear(&heard);
    }
    let answer = there.run(&stage.member, stage.public, says("hi")).await;
    assert_eq!(refusal(answer), Refusal::Forbidden);
    let answer = there.run(&stage.author, stage.public, says("hi")).await;
    assert!(matches!(refusal(answer), Refusal::Muted { .. }));
}

#[tokio::test]
async fn a_node_that_missed_the_bus_forgets_them_at_the_gap_or_with_time() {
    let stage = Stage::new().await;
    let elsewhere = std::sync::Arc::new(Standings::new(&stage.world.ports));
    let there = PostMessage::new(&stage.world.ports, &elsewhere, &stage.world.policy);
    let run = async |who| there.run(who, stage.public, says("hi")).await;
    for who in [&stage.member, &stage.author] {
        run(who).await.unwrap();
        remove(&stage, stage.public, who, false).await;
    }
    elsewhere.hear(&Heard::Gap);
    assert_eq!(refusal(run(&stage.member).await), Refusal::Forbidden);
    stage.world.pass(Duration::from_secs(10));
    assert_eq!(refusal(run(&stage.author).await), Refusal::Forbidden);
}

#[tokio::test]
async fn a_removal_is_told_with_its_reason() {
    for (ban, how, why) in [
        (false, MemberChange::Kicked, Removal::Kicked),
        (true, MemberChange::Banned, Removal::Banned),
    ] {
        let stage = Stage::new().await;
        let mut ear = stage.world.ear().await;
        let (room, user) = (stage.public, stage.member.user);
        remove(&stage, room, &stage.member, ban).await;
        let heard = ear.heard();
        let [Notice::Changed { changes, .. }, access] = heard.as_slice() else {
            panic!("{heard:?}");
        };
        let [RoomChange::Member(gone, told)] = changes.as_slice() else {
            panic!("{changes:?}");
        };
        assert_eq!((gone.user, *told), (user, how));
        assert_eq!(gone.left_at, Some(stage.world.now()));
        let change = AccessChange::Removed(why);
        let expected = Notice::AccessChanged { room, user, change };
        assert_eq!(*access, expected);
    }
}

#[tokio::test]
async fn bans_are_seen_by_those_who_keep_order() {
    let stage = Stage::new().await;
    let bans = Bans::new(&stage.world.ports, &stage.standings);
    let verdicts = stage.table(async |who, spot| bans.list(&who, spot.room).await);
    assert_eq!(
        verdicts.await,
        [
            "forbidden banned forbidden forbidden ok ok",
            "unknown unknown forbidden forbidden ok ok",
            "unknown conflict",
        ]
    );
}

#[tokio::test]
async fn a_ban_lasts_until_it_is_lifted() {
    let stage = Stage::new().await;
    let bans = Bans::new(&stage.world.ports, &stage.standings);
    let join = JoinRoom::new(&stage.world.ports, &stage.standings);
    // A stranger can be banned before they ever join.
    stage.world.pass(Duration::from_secs(1));
    let newcomer = stage.world.user("newcomer").await;
    remove(&stage, stage.public, &newcomer, true).await;
    let shut_out = bans.list(&stage.owner, stage.public).await.unwrap();
    let latest = shut_out.first().unwrap();
    assert_eq!(latest.person.user.id, newcomer.user);
    assert_eq!(
        (latest.by, latest.at),
        (stage.owner.user, stage.world.now())
    );

    let enter = async || join.run(&newcomer, Door::Room(stage.public, None)).await;
    assert_eq!(refusal(enter().await), Refusal::Banned);
    let lift = async || bans.lift(&stage.admin, stage.public, newcomer.user).await;
    lift().await.unwrap();
    assert_eq!(refusal(lift().await), Refusal::NotFound);
    assert!(enter().await.is_ok());
}
