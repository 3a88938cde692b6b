//! How often a user may post, and what is reported before a limit.

use std::time::Duration;

use domain::port::IdsExt as _;
use domain::{MediaId, MessageId, Refusal};
use uuid::Uuid;

use super::super::{NewPost, PostMessage};
use crate::testing::{Stage, bad_field, refusal, says};
use crate::{Error, Quota};

/// Uses up all of the member's points in the public room.
async fn use_up(stage: &Stage, post: &PostMessage) {
    for remaining in (0..5).rev() {
        let posted = post.run(&stage.member, stage.public, says("hi")).await;
        assert_eq!(posted.unwrap().quota.unwrap().remaining, remaining);
    }
}

async fn limited(stage: &Stage, post: &PostMessage) -> Quota {
    match post.run(&stage.member, stage.public, says("hi")).await {
        Err(Error::Limited(quota)) => quota,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn five_in_ten_seconds_and_no_more() {
    let stage = Stage::new().await;
    let post = stage.poster();
    use_up(&stage, &post).await;
    let quota = limited(&stage, &post).await;
    assert_eq!((quota.name, quota.remaining), ("message", 0));
    assert_eq!(quota.retry_after, Duration::from_secs(2));
    assert_eq!(quota.reset, Duration::from_secs(10));
    stage.world.pass(quota.retry_after);
    let posted = post.run(&stage.member, stage.public, says("hi")).await;
    assert!(posted.is_ok());
    limited(&stage, &post).await;
}

#[tokio::test]
async fn rooms_and_people_are_counted_apart() {
    let stage = Stage::new().await;
    let post = stage.poster();
    use_up(&stage, &post).await;
    let elsewhere = post.run(&stage.member, stage.private, says("hi")).await;
    assert!(elsewhere.is_ok());
    let another = post.run(&stage.owner, stage.public, says("hi")).await;
    assert!(another.is_ok());
}

#[tokio::test]
async fn without_a_limit_nothing_is_counted() {
    let mut stage = Stage::new().await;
    stage.world.policy.limits.message.points = 0;
    let post = stage.poster();
    for _ in 0..20 {
        let posted = post.run(&stage.member, stage.public, says("hi")).await;
        assert_eq!(posted.unwrap().quota, None);
    }
}

#[tokio::test]
async fn what_cannot_be_posted_takes_no_point() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let unfit = NewPost {
        reply_to: Some(MessageId::from_uuid(Uuid::nil())),
        ..says("hi")
    };
    for _ in 0..10 {
        let answer = post.run(&stage.member, stage.public, unfit.clone()).await;
        assert_eq!(bad_field(answer), "replyTo");
    }
    use_up(&stage, &post).await;
}

#[tokio::test]
async fn the_limit_is_told_last() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let sent = NewPost {
        client_id: Some(stage.world.ports.ids.next()),
        ..says("named")
    };
    let first = post.run(&stage.member, stage.public, sent.clone()).await;
    assert!(first.is_ok());
    for _ in 0..4 {
        let posted = post.run(&stage.member, stage.public, says("hi")).await;
        assert!(posted.is_ok());
    }
    limited(&stage, &post).await;

    let run = async |new| post.run(&stage.member, stage.public, new).await;
    let attachments = vec![MediaId::from_uuid(Uuid::nil())];
    let answer = run(NewPost {
        attachments,
        ..says("hi")
    });
    assert_eq!(bad_field(answer.await), "attachments");
    let gone = stage.tombstone(stage.public, &stage.owner).await;
    let answer = run(NewPost {
        reply_to: Some(gone),
        ..says("hi")
    });
    assert_eq!(refusal(answer.await), Refusal::MessageDeleted);
    let conflict = NewPost {
        body: says("another").body,
        reply_to: Some(gone),
        ..sent
    };
    assert!(matches!(refusal(run(conflict).await), Refusal::Conflict(_)));
    stage.silence(stage.public, &stage.member).await;
    stage.standings.forget(stage.public, stage.member.user);
    let answer = run(NewPost {
        reply_to: Some(gone),
        ..says("hi")
    });
    assert!(matches!(refusal(answer.await), Refusal::Muted { .. }));
}
