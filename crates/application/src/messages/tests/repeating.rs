//! Sending again what was sent before.

use std::sync::Arc;

use domain::port::IdsExt as _;
use domain::port::messages::{Amendment, Change};
use domain::{ClientId, MessageId, Refusal};

use super::super::NewPost;
use crate::testing::{Stage, at_once, body, refusal, says, seq};
use crate::{Error, Posted, Reach};

/// A user who posts into the public room under client ids.
struct Sender {
    stage: Stage,
    post: super::super::PostMessage,
}

impl Sender {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let post = stage.poster();
        Self { stage, post }
    }

    fn client_id(&self) -> ClientId {
        self.stage.world.ports.ids.next()
    }

    async fn send(&self, client_id: ClientId, text: &str) -> Result<Posted, Error> {
        self.post
            .run(
                &self.stage.member,
                self.stage.public,
                named(client_id, text),
            )
            .await
    }

    async fn sent(&self, client_id: ClientId, text: &str) -> Posted {
        self.send(client_id, text).await.unwrap()
    }
}

fn named(client_id: ClientId, text: &str) -> NewPost {
    NewPost {
        client_id: Some(client_id),
        ..says(text)
    }
}

fn is_conflict(answer: Result<Posted, Error>) -> bool {
    matches!(refusal(answer), Refusal::Conflict(_))
}

#[tokio::test]
async fn a_repeat_is_the_stored_message_and_tells_nobody() {
    let sender = Sender::new().await;
    let id = sender.client_id();
    let first = sender.sent(id, "once").await;
    assert!(first.fresh);
    assert_eq!(first.view.message.client_id, Some(id));
    let mut ear = sender.stage.world.ear().await;
    let again = sender.sent(id, "once").await;
    assert!(!again.fresh);
    assert_eq!(again.view.message, first.view.message);
    assert_eq!(ear.heard(), []);
    let next = sender.sent(sender.client_id(), "twice").await;
    assert_eq!(next.view.message.seq, first.view.message.seq.next());
}

#[tokio::test]
async fn a_repeat_costs_no_point() {
    let sender = Sender::new().await;
    let id = sender.client_id();
    let first = sender.sent(id, "once").await.quota.unwrap();
    assert_eq!(first.remaining, 4);
    for _ in 0..10 {
        let again = sender.sent(id, "once").await;
        assert_eq!(again.quota.unwrap(), first);
    }
}

#[tokio::test]
async fn a_repeat_is_answered_although_the_limit_is_reached() {
    let sender = Sender::new().await;
    let id = sender.client_id();
    sender.sent(id, "once").await;
    for _ in 0..4 {
        sender.sent(sender.client_id(), "more").await;
    }
    let limited = sender.send(sender.client_id(), "too much").await;
    assert!(matches!(limited, Err(Error::Limited(_))));
    let again = sender.sent(id, "once").await;
    assert!(!again.fresh);
    assert_eq!(again.quota.unwrap().remaining, 0);
    assert!(is_conflict(sender.send(id, "something else").await));
}

#[tokio::test]
async fn a_client_id_is_for_one_message() {
    let sender = Sender::new().await;
    let id = sender.client_id();
    sender.sent(id, "once").await;
    assert!(is_conflict(sender.send(id, "else").await));
    let Sender { stage, post } = &sender;
    let elsewhere = post.run(&stage.member, stage.private, named(id, "once"));
    assert!(is_conflict(elsewhere.await));
    let other = post.run(&stage.owner, stage.public, named(id, "once"));
    assert!(other.await.unwrap().fresh);
    // A conflict has cost nothing.
    let next = sender.sent(sender.client_id(), "next").await;
    assert_eq!(next.quota.unwrap().remaining, 3);
}

#[tokio::test]
async fn a_repeat_shows_the_message_as_it_is_now() {
    let sender = Sender::new().await;
    let stage = &sender.stage;
    let id = sender.client_id();
    let first = sender.sent(id, "once").await.view.message;
    let amend = async |message: MessageId, change| {
        let amendment = Amendment {
            message,
            room: stage.public,
            by: stage.member.user,
            at: stage.world.now(),
            change,
            events: Vec::new(),
        };
        stage.world.ports.messages.amend(&amendment).await.unwrap();
    };
    let edit = Change::Edit {
        body: body("better"),
        mentions: Vec::new(),
    };
    amend(first.id, edit).await;
    let again = sender.sent(id, "once").await.view.message;
    assert_eq!(again.body, Some(body("better")));
    // What counts is what was sent, not how it was changed since.
    assert!(is_conflict(sender.send(id, "better").await));
    amend(first.id, Change::Delete).await;
    let again = sender.sent(id, "once").await;
    assert!(again.view.message.deleted_at.is_some());
    assert_eq!(again.view.reach, Some(Reach::Sent));
}

#[tokio::test]
async fn a_repeat_is_answered_although_what_it_answers_is_gone() {
    let sender = Sender::new().await;
    let Sender { stage, post } = &sender;
    let question = stage.world.post(stage.public, &stage.owner, "well?").await;
    let answer = NewPost {
        reply_to: Some(question.id),
        ..named(sender.client_id(), "well")
    };
    let send = || post.run(&stage.member, stage.public, answer.clone());
    let first = send().await.unwrap();
    stage.delete(&question).await;
    let again = send().await.unwrap();
    assert_eq!(again.view.message.id, first.view.message.id);
    let new = NewPost {
        client_id: Some(sender.client_id()),
        ..answer.clone()
    };
    let refused = post.run(&stage.member, stage.public, new).await;
    assert_eq!(refusal(refused), Refusal::MessageDeleted);
}

#[tokio::test]
async fn a_repeat_is_for_those_who_may_still_write() {
    let sender = Sender::new().await;
    let stage = &sender.stage;
    let id = sender.client_id();
    sender.sent(id, "once").await;
    stage.silence(stage.public, &stage.member).await;
    stage.standings.forget(stage.public, stage.member.user);
    let answer = sender.send(id, "once").await;
    assert!(matches!(refusal(answer), Refusal::Muted { .. }));
    stage.world.leave(stage.public, &stage.member).await;
    stage.standings.forget(stage.public, stage.member.user);
    assert_eq!(refusal(sender.send(id, "once").await), Refusal::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_stored() {
    let stage = Stage::new().await;
    let room = stage.world.room(&stage.member).await.id;
    let post = Arc::new(stage.poster());
    let client_id = stage.world.ports.ids.next();
    let answers = at_once(20, || {
        let (post, member) = (Arc::clone(&post), stage.member);
        async move { post.run(&member, room, named(client_id, "once")).await }
    });
    let answers = answers.await;
    // Sends that came while the others held all points, and before any was stored, are limited: sending
    // again is safe.
    let posted: Vec<&Posted> = answers.iter().flatten().collect();
    assert_eq!(posted.iter().filter(|posted| posted.fresh).count(), 1);
    assert!(
        posted
            .iter()
            .all(|posted| posted.view.message.seq == seq(1))
    );
    let again = post
        .run(&stage.member, room, named(client_id, "once"))
        .await;
    assert_eq!(again.unwrap().quota.unwrap().remaining, 4);
}
