//! Who is notified of a message.

use domain::port::bus::{Notice, NotificationKind};
use domain::{MessageId, Notifications, RoomId, UserId};

use super::super::NewPost;
use crate::Caller;
use crate::testing::{Stage, says};

/// Who is notified of a post, and why.
async fn told_of(
    stage: &Stage,
    who: &Caller,
    room: RoomId,
    post: NewPost,
) -> Vec<(UserId, NotificationKind)> {
    let mut ear = stage.world.ear().await;
    let posted = stage.poster().run(who, room, post).await.unwrap();
    let notices = ear.heard();
    let mut told = Vec::new();
    for notice in notices {
        let Notice::Notification {
            user,
            room: of,
            message,
            kind,
        } = notice
        else {
            continue;
        };
        assert_eq!((of, message), (room, posted.view.message.id));
        told.push((user, kind));
    }
    told
}

fn answer(to: MessageId, text: &str) -> NewPost {
    NewPost {
        reply_to: Some(to),
        ..says(text)
    }
}

#[tokio::test]
async fn who_is_mentioned_is_told() {
    let stage = Stage::new().await;
    let told = told_of(
        &stage,
        &stage.member,
        stage.public,
        says("@admin @member @stranger @banned"),
    );
    let admin = (stage.admin.user, NotificationKind::Mention);
    assert_eq!(told.await, [admin]);
}

#[tokio::test]
async fn the_other_one_of_a_direct_room_is_told() {
    let stage = Stage::new().await;
    let told = told_of(&stage, &stage.member, stage.direct, says("hi")).await;
    assert_eq!(told, [(stage.author.user, NotificationKind::Direct)]);
}

#[tokio::test]
async fn who_is_answered_is_told() {
    let stage = Stage::new().await;
    let question = stage.world.post(stage.public, &stage.owner, "well?").await;
    let reply = || answer(question.id, "well");
    let told = told_of(&stage, &stage.member, stage.public, reply()).await;
    assert_eq!(told, [(stage.owner.user, NotificationKind::Reply)]);
    let told = told_of(&stage, &stage.owner, stage.public, reply()).await;
    assert_eq!(told, []);
}

#[tokio::test]
async fn nobody_is_told_twice_of_one_message() {
    let stage = Stage::new().await;
    let question = stage.world.post(stage.public, &stage.owner, "well?").await;
    let reply = answer(question.id, "well, @owner");
    let told = told_of(&stage, &stage.member, stage.public, reply).await;
    assert_eq!(told, [(stage.owner.user, NotificationKind::Mention)]);
}

#[tokio::test]
async fn who_left_or_muted_the_room_is_not_told() {
    let stage = Stage::new().await;
    let question = stage.world.post(stage.public, &stage.owner, "well?").await;
    let members = &stage.world.ports.members;
    let muted = Notifications::Muted { until: None };
    let kept = members.notify(stage.public, stage.owner.user, muted).await;
    assert!(kept.unwrap());
    let reply = answer(question.id, "well, @owner");
    let told = told_of(&stage, &stage.member, stage.public, reply).await;
    assert_eq!(told, []);

    let question = stage.world.post(stage.public, &stage.author, "hm?").await;
    stage.world.leave(stage.public, &stage.author).await;
    let reply = answer(question.id, "hm");
    let told = told_of(&stage, &stage.member, stage.public, reply).await;
    assert_eq!(told, []);
}

#[tokio::test]
async fn a_plain_message_concerns_nobody() {
    let stage = Stage::new().await;
    let told = told_of(&stage, &stage.member, stage.public, says("hi")).await;
    assert_eq!(told, []);
}
