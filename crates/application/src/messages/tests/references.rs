//! What a message may refer to.

use domain::port::IdsExt as _;
use domain::port::bus::{MessageChange, Notice, RoomChange};
use domain::port::media::FileDigest;
use domain::{FileName, Media, MediaId, MediaStatus, Message, MessageId, Refusal};
use uuid::Uuid;

use super::super::NewPost;
use crate::testing::{Stage, bad_field, invalid_fields, refusal, says};

fn reply(to: MessageId) -> NewPost {
    NewPost {
        reply_to: Some(to),
        ..says("indeed")
    }
}

fn with(attachments: Vec<MediaId>) -> NewPost {
    NewPost {
        attachments,
        ..says("look")
    }
}

/// An upload of the member's into the public room, after a change.
async fn upload(stage: &Stage, change: impl FnOnce(&mut Media)) -> MediaId {
    let mut media = Media {
        id: stage.world.ports.ids.next(),
        room: Some(stage.public),
        owner: stage.member.user,
        file_name: FileName::parse("cat.png").unwrap(),
        content_type: "image/png".to_owned(),
        size: 1,
        dimensions: None,
        thumbnail: false,
        status: MediaStatus::Ready,
        created_at: stage.world.now(),
    };
    change(&mut media);
    let created = stage
        .world
        .ports
        .media
        .create(&media, FileDigest([0; 32]), &[])
        .await;
    created.unwrap();
    media.id
}

#[tokio::test]
async fn a_reply_is_told_together_with_its_thread() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let root = stage.world.post(stage.public, &stage.member, "root").await;
    let mut ear = stage.world.ear().await;
    let posted = post.run(&stage.member, stage.public, reply(root.id)).await;
    let answer = posted.unwrap().view.message;
    assert_eq!(answer.reply_to, Some(root.id));
    assert_eq!(answer.thread, Some(root.id));
    let Notice::Changed { changes, .. } = ear.only() else {
        panic!("a change is told");
    };
    let [first, second] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    let created = RoomChange::Message(Box::new(answer.clone()), MessageChange::Created);
    assert_eq!(*first, created);
    let RoomChange::Message(told, MessageChange::Updated) = second else {
        panic!("{second:?}");
    };
    assert_eq!((told.id, told.reply_count), (root.id, 1));
    assert_eq!(told.rev, answer.rev.next());
}

#[tokio::test]
async fn a_reply_to_a_reply_belongs_to_the_first_ones_thread() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let root = stage.world.post(stage.public, &stage.member, "root").await;
    let run = async |to| {
        let posted = post.run(&stage.member, stage.public, reply(to)).await;
        posted.unwrap().view.message
    };
    let first = run(root.id).await;
    let second = run(first.id).await;
    assert_eq!(second.reply_to, Some(first.id));
    assert_eq!(second.thread, Some(root.id));
}

#[tokio::test]
async fn only_what_one_may_read_there_is_answered() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let (room, before, after) = stage.joined_room().await;
    let elsewhere = stage.world.post(stage.public, &stage.member, "here").await;
    let unknown = MessageId::from_uuid(Uuid::nil());
    for id in [before.id, elsewhere.id, unknown] {
        let answer = post.run(&stage.member, room, reply(id)).await;
        assert_eq!(bad_field(answer), "replyTo");
    }
    assert!(post.run(&stage.member, room, reply(after.id)).await.is_ok());
}

#[tokio::test]
async fn a_tombstone_is_not_answered() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let gone = stage.tombstone(stage.public, &stage.owner).await;
    let answer = post.run(&stage.member, stage.public, reply(gone)).await;
    assert_eq!(refusal(answer), Refusal::MessageDeleted);
}

#[tokio::test]
async fn uploads_hang_on_a_message_once() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let one = upload(&stage, |_| ()).await;
    let two = upload(&stage, |media| media.status = MediaStatus::Processing).await;
    let posted = post.run(&stage.member, stage.public, with(vec![one, two]));
    let attachments = posted.await.unwrap().view.message.attachments;
    let hanging: Vec<MediaId> = attachments.iter().map(|media| media.id).collect();
    assert_eq!(hanging, [one, two]);
    let three = upload(&stage, |_| ()).await;
    let again = post.run(&stage.member, stage.public, with(vec![three, one]));
    assert_eq!(bad_field(again.await), "attachments");
    // A refused message has left the other upload unused, and has cost no point.
    let posted = post.run(&stage.member, stage.public, with(vec![three]));
    assert_eq!(posted.await.unwrap().quota.unwrap().remaining, 3);
}

#[tokio::test]
async fn only_ones_own_uploads_of_the_room_hang() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let good = upload(&stage, |_| ()).await;
    let theirs = upload(&stage, |media| media.owner = stage.owner.user).await;
    let elsewhere = upload(&stage, |media| media.room = Some(stage.private)).await;
    let avatar = upload(&stage, |media| media.room = None).await;
    let rejected = upload(&stage, |media| media.status = MediaStatus::Rejected).await;
    let unknown = MediaId::from_uuid(Uuid::nil());
    for bad in [theirs, elsewhere, avatar, rejected, unknown, good] {
        let answer = post.run(&stage.member, stage.public, with(vec![good, bad]));
        assert_eq!(bad_field(answer.await), "attachments");
    }
}

#[tokio::test]
async fn all_that_cannot_be_referred_to_is_named_at_once() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let gone = stage.tombstone(stage.public, &stage.owner).await;
    let unknown = MessageId::from_uuid(Uuid::nil());
    let both = |message| NewPost {
        attachments: vec![MediaId::from_uuid(Uuid::nil())],
        ..reply(message)
    };
    let answer = post.run(&stage.member, stage.public, both(unknown)).await;
    assert_eq!(invalid_fields(answer), ["replyTo", "attachments"]);
    // Invalid fields are reported before other obstacles.
    let answer = post.run(&stage.member, stage.public, both(gone)).await;
    assert_eq!(invalid_fields(answer), ["attachments"]);
}

#[tokio::test]
async fn attachments_are_bounded() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let mut uploads = Vec::new();
    for _ in 0..=Message::MAX_ATTACHMENTS {
        uploads.push(upload(&stage, |_| ()).await);
    }
    let answer = post.run(&stage.member, stage.public, with(uploads.clone()));
    assert_eq!(bad_field(answer.await), "attachments");
    uploads.pop();
    let posted = post.run(&stage.member, stage.public, with(uploads));
    assert!(posted.await.is_ok());
}

#[tokio::test]
async fn members_are_mentioned_once_in_the_order_of_the_text_and_never_oneself() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let [admin, owner] = [stage.admin.user, stage.owner.user];
    for (text, mentioned) in [
        (
            "@Admin and @admin, @owner. @member @stranger @nobody a@author",
            [admin, owner],
        ),
        ("@owner, then @admin, then @owner again", [owner, admin]),
    ] {
        let posted = post.run(&stage.member, stage.public, says(text)).await;
        assert_eq!(posted.unwrap().view.message.mentions, mentioned);
    }
}

#[tokio::test]
async fn mentions_are_bounded() {
    let stage = Stage::new().await;
    let post = stage.poster();
    let mut text = String::new();
    let mut guests = Vec::new();
    for number in 0..=Message::MAX_MENTIONS {
        let guest = stage.world.user(&format!("guest{number}")).await;
        stage.world.join(stage.public, &guest).await;
        // The last to come is the first to be mentioned.
        text.insert_str(0, &format!("@guest{number} "));
        guests.insert(0, guest.user);
    }
    let posted = post.run(&stage.member, stage.public, says(&text)).await;
    let mentions = posted.unwrap().view.message.mentions;
    guests.truncate(Message::MAX_MENTIONS);
    assert_eq!(mentions, guests);
}
