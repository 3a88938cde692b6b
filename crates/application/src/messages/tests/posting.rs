//! Who may post, and what posting does.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::port::bus::{MessageChange, Notice, RoomChange};
use domain::port::limiter::Limit;
use domain::port::rooms::Step;
use domain::{Refusal, RoomId};
use uuid::Uuid;

use crate::Reach;
use crate::rooms::{Door, JoinRoom, LeaveRoom};
use crate::testing::{Stage, at_once, body, refusal, says, seq};

#[tokio::test]
async fn who_may_write_posts() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let verdicts = stage.table(async |who, spot| post.run(&who, spot.room, says("hi")).await);
    assert_eq!(
        verdicts.await,
        [
            "forbidden banned ok muted ok ok",
            "unknown unknown ok muted ok ok",
            "unknown ok",
        ]
    );
    let nowhere = RoomId::from_uuid(Uuid::nil());
    let answer = post.run(&stage.owner, nowhere, says("hi")).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
}

#[tokio::test]
async fn a_message_gets_the_next_place_and_is_told() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let room = stage.world.room(&stage.owner).await;
    stage.world.post(room.id, &stage.owner, "first").await;
    let mut ear = stage.world.ear().await;
    let posted = post.run(&stage.owner, room.id, says("second")).await;
    let posted = posted.unwrap();
    assert!(posted.fresh);
    let view = posted.view;
    assert_eq!(view.message.seq, seq(2));
    assert_eq!(view.message.body, Some(body("second")));
    assert_eq!(view.message.created_at, stage.world.now());
    assert_eq!(view.sender.id, stage.owner.user);
    assert_eq!(view.reach, Some(Reach::Sent));
    let change = RoomChange::Message(Box::new(view.message), MessageChange::Created);
    let told = Notice::Changed {
        room: room.id,
        changes: vec![change],
    };
    assert_eq!(ear.only(), told);
}

#[tokio::test]
async fn posting_is_having_read() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let room = stage.world.room(&stage.owner).await.id;
    stage.world.join(room, &stage.member).await;
    stage.world.post(room, &stage.owner, "question").await;
    post.run(&stage.member, room, says("answer")).await.unwrap();
    let of_member = stage.world.membership(room, &stage.member).await;
    assert_eq!(of_member.cursors.read, seq(2));
    let of_owner = stage.world.membership(room, &stage.owner).await;
    assert_eq!(of_owner.cursors.read, seq(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leave_no_hole() {
    let mut stage = Stage::new().await;
    stage.world.policy.limits.message = Limit {
        points: 0,
        ..stage.world.policy.limits.message
    };
    let room = stage.world.room(&stage.owner).await.id;
    stage.world.join(room, &stage.member).await;
    let post = Arc::new(stage.poster());
    let posted = at_once(20, || {
        let (post, member) = (Arc::clone(&post), stage.member);
        async move { post.run(&member, room, says("hi")).await.unwrap().view }
    });
    let posted = posted.await;
    let seqs: BTreeSet<i64> = posted.iter().map(|view| view.message.seq.get()).collect();
    assert_eq!(seqs, (1..=20).collect());
    let revs: BTreeSet<i64> = posted.iter().map(|view| view.message.rev.get()).collect();
    assert_eq!(revs.len(), 20);
    assert_eq!(revs.last().unwrap() - revs.first().unwrap(), 19);
    let unread = async |who| {
        let access = stage.world.ports.rooms.access(room, who).await;
        let access = access.unwrap().unwrap();
        access.membership.unwrap().unread(&access.room)
    };
    assert_eq!(unread(stage.member.user).await, 0);
    assert_eq!(unread(stage.owner.user).await, 20);
}

#[tokio::test]
async fn a_great_room_tells_nobody_how_far_a_message_has_come() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let room = stage.world.room(&stage.owner).await.id;
    for number in 2..=101 {
        let guest = stage.world.user(&format!("guest{number}")).await;
        stage.world.join(room, &guest).await;
    }
    let posted = post.run(&stage.owner, room, says("hello, all")).await;
    assert_eq!(posted.unwrap().view.reach, None);
}

#[tokio::test]
async fn a_room_becomes_great_with_the_one_who_makes_it_so() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let room = stage.world.room(&stage.owner).await.id;
    for number in 2..=100 {
        let guest = stage.world.user_of_crowd(&format!("guest{number}")).await;
        stage.world.join(room, &guest).await;
    }
    let told = async || {
        let posted = post.run(&stage.owner, room, says("hello, all")).await;
        posted.unwrap().view.reach
    };
    assert_eq!(told().await, Some(Reach::Sent));
    let (ports, last) = (&stage.world.ports, &stage.member);
    let join = JoinRoom::new(ports, &stage.standings);
    join.run(last, Door::Room(room, None)).await.unwrap();
    assert_eq!(told().await, None);
    let leave = LeaveRoom::new(ports, &stage.standings);
    leave.run(last, room).await.unwrap();
    assert_eq!(told().await, Some(Reach::Sent));
}

#[tokio::test]
async fn who_is_blocked_does_not_write_to_the_blocker() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let run = async |who| post.run(who, stage.direct, says("hi")).await;
    let (wary, unwanted) = (stage.author.user, stage.member.user);
    let blocks = &stage.world.ports.blocks;
    let now = stage.world.now();
    blocks.block(wary, unwanted, now).await.unwrap();
    assert_eq!(refusal(run(&stage.member).await), Refusal::Blocked);
    // The blocker may still write, and blocks do not apply to rooms of more people.
    assert!(run(&stage.author).await.is_ok());
    let answer = post.run(&stage.member, stage.public, says("hi")).await;
    assert!(answer.is_ok());
    blocks.unblock(wary, unwanted).await.unwrap();
    assert!(run(&stage.member).await.is_ok());
}

#[tokio::test]
async fn a_deleted_room_takes_nothing_even_from_who_is_remembered() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let room = stage.world.room(&stage.owner).await.id;
    post.run(&stage.owner, room, says("hi")).await.unwrap();
    let delete = vec![Step::Delete];
    stage.world.act(room, stage.owner.user, delete).await;
    let answer = post.run(&stage.owner, room, says("still here?")).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
}
