//! Uploads, from their sender to their readers.

use std::time::Duration;

use bytes::Bytes;
use domain::port::blobs::{BlobKey, ByteStream, Part};
use domain::port::bus::{MessageChange, Notice, RoomChange};
use domain::port::{IdsExt as _, Upkeep as _};
use domain::{Failure, FileName, Media, MediaId, MediaStatus, Refusal, RoomId};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::*;
use crate::messages::NewPost;
use crate::testing::{Stage, World, invalid_fields, refusal, says};
use crate::{Caller, Error};

/// The smallest possible PNG: one pixel.
const DOT: &[u8] =
    b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\
    \x00\x00\x3a\x7e\x9bU\x00\x00\x00\x0aIDATx\x9cc\xa8\x07\x00\x00\x81\x00\x80\xd3\x94SJ\
    \x00\x00\x00\x00IEND\xaeB\x60\x82";

fn bytes(content: &'static [u8]) -> ByteStream {
    stream::iter([Ok(Bytes::from_static(content))]).boxed()
}

fn file(room: Option<RoomId>, bytes: ByteStream) -> NewUpload {
    NewUpload {
        room,
        file_name: FileName::parse("a file").unwrap(),
        bytes,
    }
}

fn uploads(world: &World) -> UploadMedia {
    UploadMedia::new(&world.ports, &world.policy)
}

async fn upload(world: &World, who: &Caller, room: RoomId, content: &'static [u8]) -> Media {
    let new = file(Some(room), bytes(content));
    uploads(world).run(who, new).await.unwrap()
}

async fn look(world: &World, media: &Media) -> Media {
    LookAtUpload::new(&world.ports).run(media.id).await.unwrap();
    world.ports.media.find(&[media.id]).await.unwrap().remove(0)
}

async fn stored(world: &World, media: MediaId, part: Part) -> Option<u64> {
    let key = BlobKey { media, part };
    world.ports.blobs.size(key).await.unwrap()
}

async fn read(world: &World, who: &Caller, media: MediaId) -> Result<Vec<u8>, Error> {
    let reader = ReadMedia::new(&world.ports);
    let opened = reader.open(who, media, Part::Original).await?;
    let bytes = reader.bytes(&opened, 0..opened.size).await?;
    let pieces: Vec<Bytes> = bytes.try_collect().await?;
    Ok(pieces.concat())
}

fn bearing(media: &Media) -> NewPost {
    NewPost {
        attachments: vec![media.id],
        ..says("look")
    }
}

#[tokio::test]
async fn whoever_may_post_may_upload() {
    let stage = Stage::new().await;
    let table = stage.table(async |who, spot| {
        let new = file(Some(spot.room), bytes(b"hello"));
        uploads(&stage.world).run(&who, new).await
    });
    assert_eq!(
        table.await,
        [
            "forbidden banned ok muted ok ok",
            "unknown unknown ok muted ok ok",
            "unknown ok",
        ]
    );
}

#[tokio::test]
async fn whoever_may_read_may_see() {
    let stage = Stage::new().await;
    let table = stage.table(async |who, spot| {
        stage.world.pass(Duration::from_secs(10));
        let media = upload(&stage.world, &stage.author, spot.room, b"hello").await;
        let loose = read(&stage.world, &who, media.id).await;
        let poster = stage.poster();
        let post = poster.run(&stage.author, spot.room, bearing(&media));
        post.await.unwrap();
        let hanging = read(&stage.world, &who, media.id).await;
        assert_eq!(loose.is_ok(), hanging.is_ok());
        hanging
    });
    assert_eq!(
        table.await,
        [
            "forbidden banned ok ok ok ok",
            "unknown unknown ok ok ok ok",
            "unknown ok",
        ]
    );
}

#[tokio::test]
async fn what_hangs_before_ones_time_is_unknown() {
    let stage = Stage::new().await;
    let world = &stage.world;
    let (room, before, _) = stage.joined_room().await;
    world.leave(room, &stage.member).await;
    let old = upload(world, &stage.owner, room, b"old").await;
    let loose = upload(world, &stage.owner, room, b"loose").await;
    let poster = stage.poster();
    let post = poster.run(&stage.owner, room, bearing(&old));
    assert!(post.await.unwrap().view.message.seq > before.seq);
    world.pass(Duration::from_secs(1));
    world.join(room, &stage.member).await;
    for media in [&old, &loose] {
        let answer = read(world, &stage.member, media.id).await;
        assert_eq!(refusal(answer), Refusal::NotFound);
        read(world, &stage.owner, media.id).await.unwrap();
    }
    let new = upload(world, &stage.owner, room, b"new").await;
    read(world, &stage.member, new.id).await.unwrap();
}

#[tokio::test]
async fn bytes_say_what_it_is_and_what_is_kept_of_it() {
    let stage = Stage::new().await;
    let (world, room) = (&stage.world, stage.public);
    let page = upload(world, &stage.member, room, b"<script>alert(1)</script>").await;
    assert_eq!(page.content_type, "text/plain; charset=utf-8");
    assert_eq!((page.status, page.size), (MediaStatus::Processing, 25));
    let reader = ReadMedia::new(&world.ports);
    let shown = async |media: &Media| {
        let opened = reader.open(&stage.member, media.id, Part::Original).await;
        opened.unwrap().shown
    };
    assert!(!shown(&page).await);
    let page = look(world, &page).await;
    assert_eq!((page.status, page.dimensions), (MediaStatus::Ready, None));
    assert!(!shown(&page).await);

    let told: &'static [u8] = Box::leak([DOT, b"N 52.52"].concat().into_boxed_slice());
    let dot = upload(world, &stage.member, room, told).await;
    assert_eq!(read(world, &stage.admin, dot.id).await.unwrap(), DOT);
    // Even before it is inspected.
    assert!(shown(&dot).await);
    let dot = look(world, &dot).await;
    assert_eq!((dot.dimensions, dot.thumbnail), (Some((1, 1)), true));
    assert!(shown(&dot).await);
    let small = reader.open(&stage.admin, dot.id, Part::Thumbnail).await;
    assert_eq!(small.unwrap().content_type, "image/jpeg");
}

#[tokio::test]
async fn what_cannot_be_opened_is_rejected_and_gone() {
    let stage = Stage::new().await;
    let (world, room) = (&stage.world, stage.public);
    let bomb = upload(world, &stage.member, room, b"\x89PNG\r\n\x1a\nnothing").await;
    let poster = stage.poster();
    let post = poster.run(&stage.member, room, bearing(&bomb));
    let message = post.await.unwrap().view.message.clone();
    let mut ear = world.ear().await;
    let bomb = look(world, &bomb).await;
    assert_eq!(bomb.status, MediaStatus::Rejected);
    assert_eq!(stored(world, bomb.id, Part::Original).await, None);
    let answer = read(world, &stage.member, bomb.id).await;
    assert_eq!(refusal(answer), Refusal::NotFound);

    let [Notice::Media(told), Notice::Changed { changes, .. }] = &ear.heard()[..] else {
        panic!("it was not published");
    };
    assert_eq!(**told, bomb);
    let [RoomChange::Message(changed, MessageChange::Updated)] = &changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!(
        (changed.id, &changed.attachments),
        (message.id, &vec![bomb.clone()])
    );
    assert!(changed.rev > message.rev);

    look(world, &bomb).await;
    assert_eq!(ear.heard(), []);
}

#[tokio::test]
async fn there_is_an_end_to_everything() {
    let mut stage = Stage::new().await;
    stage.world.policy.media.largest = 10;
    stage.world.policy.media.quota = 25;
    let (world, room) = (&stage.world, stage.public);
    let send = async |who: &Caller, content| {
        let new = file(Some(room), bytes(content));
        uploads(world).run(who, new).await
    };
    let too_large = |most| Refusal::TooLarge { most };
    assert_eq!(
        refusal(send(&stage.member, b"12345678901").await),
        too_large(10)
    );
    for _ in 0..2 {
        send(&stage.member, b"1234567890").await.unwrap();
    }
    assert_eq!(refusal(send(&stage.member, b"123456").await), too_large(5));
    send(&stage.member, b"12345").await.unwrap();
    assert_eq!(refusal(send(&stage.member, b"1").await), too_large(0));
    send(&stage.admin, b"1234567890").await.unwrap();
    assert_eq!(invalid_fields(send(&stage.admin, b"").await), ["file"]);

    // Bytes that are stripped from a picture count against the limit all the same.
    let endless = stream::iter([Ok(Bytes::from_static(&DOT[..8]))])
        .chain(stream::repeat_with(|| Ok(Bytes::from_static(&[0; 100]))));
    let new = file(Some(room), endless.boxed());
    let answer = uploads(world).run(&stage.owner, new).await;
    assert_eq!(refusal(answer), too_large(10));
}

#[tokio::test]
async fn what_breaks_off_is_nowhere() {
    let stage = Stage::new().await;
    let (world, room) = (&stage.world, stage.public);
    let broken = stream::iter([
        Ok(Bytes::from(vec![b'a'; 1_000])),
        Err(Failure::passing("request", "be taken in", "gone")),
    ]);
    let new = file(Some(room), broken.boxed());
    let answer = uploads(world).run(&stage.member, new).await;
    assert!(matches!(answer, Err(Error::Failed(_))));
    assert_eq!(world.ports.media.usage(stage.member.user).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn only_so_many_come_in_at_once() {
    let mut stage = Stage::new().await;
    // Each user may hold a quarter of the slots, and at least one.
    stage.world.policy.media.at_once = 1;
    let uploads = uploads(&stage.world);
    let stuck = file(Some(stage.public), stream::pending().boxed());
    let mut stuck = Box::pin(uploads.run(&stage.member, stuck));
    assert!(futures::poll!(&mut stuck).is_pending());
    let new = file(Some(stage.public), bytes(b"hello"));
    let Err(Error::Failed(failure)) = uploads.run(&stage.admin, new).await else {
        panic!("there was a free slot");
    };
    assert_eq!(failure.retry, domain::Retry::Shortly);
    drop(stuck);
    let new = file(Some(stage.public), bytes(b"hello"));
    uploads.run(&stage.admin, new).await.unwrap();
}

#[tokio::test]
async fn nobody_gets_more_space_by_sending_all_at_once() {
    let mut stage = Stage::new().await;
    stage.world.policy.media.quota = 15;
    let (world, uploads) = (&stage.world, uploads(&stage.world));
    let (first, second) = (b"1234567890", b"abcdefghij");
    // Both start while nothing is stored, and the second ends after the first.
    let (go, wait) = futures::channel::oneshot::channel::<()>();
    let late = stream::once(async move {
        wait.await.unwrap();
        Ok(Bytes::from_static(second))
    });
    let room = Some(stage.public);
    let late = uploads.run(&stage.member, file(room, late.boxed()));
    let early = async {
        let early = uploads.run(&stage.member, file(room, bytes(first))).await;
        go.send(()).unwrap();
        early
    };
    let (late, early) = futures::join!(late, early);
    assert_eq!(refusal(late), Refusal::TooLarge { most: 5 });
    let kept = world.ports.blobs.kept(None, 10).await.unwrap();
    assert_eq!(kept, [early.unwrap().id]);
}

#[tokio::test]
async fn a_picture_of_oneself_is_for_everybody_once_it_is_shown() {
    let world = World::new();
    let (ana, ben) = (world.user("ana").await, world.user("ben").await);
    let uploads = uploads(&world);
    let text = uploads.run(&ana, file(None, bytes(b"hello"))).await;
    assert_eq!(invalid_fields(text), ["file"]);

    let use_cases = crate::UseCases::new(&world.ports, &world.policy);
    let private = uploads.run(&ana, file(None, bytes(DOT))).await.unwrap();
    assert_eq!(
        refusal(read(&world, &ben, private.id).await),
        Refusal::NotFound
    );
    read(&world, &ana, private.id).await.unwrap();

    let name = FileName::parse("me.png").unwrap();
    let put = use_cases.put_avatar.run(&ana, name, bytes(DOT)).await;
    let worn = put.unwrap().user.avatar.unwrap();
    assert_eq!(read(&world, &ben, worn).await.unwrap(), DOT);

    // What cannot be displayed does not become an avatar.
    let name = FileName::parse("me.png").unwrap();
    let put = use_cases.put_avatar.run(&ana, name, bytes(b"GIF89a")).await;
    let broken = put.unwrap().user.avatar.unwrap();
    LookAtUpload::new(&world.ports).run(broken).await.unwrap();
    let ana = world.ports.users.find(&[ana.user]).await.unwrap().remove(0);
    assert_eq!(ana.avatar, None);
}

#[tokio::test]
async fn what_hangs_nowhere_goes_after_a_while() {
    let stage = Stage::new().await;
    let (world, room) = (&stage.world, stage.public);
    let clear = ClearOrphans::new(&world.ports, &world.policy);
    let loose = upload(world, &stage.member, room, DOT).await;
    look(world, &loose).await;
    let hanging = upload(world, &stage.member, room, b"hanging").await;
    let deleted = upload(world, &stage.member, room, b"deleted").await;
    let poster = stage.poster();
    let post = async |media: &Media| {
        let answer = poster.run(&stage.member, room, bearing(media)).await;
        answer.unwrap().view.message
    };
    post(&hanging).await;
    let message = post(&deleted).await;
    stage.delete(&message).await;
    let answer = read(world, &stage.member, deleted.id).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
    assert_eq!(clear.clear(world.now(), 100).await.unwrap(), 0);

    world.pass(Duration::from_hours(25));
    assert_eq!(clear.clear(world.now(), 100).await.unwrap(), 2);
    assert_eq!(clear.clear(world.now(), 100).await.unwrap(), 0);
    for part in [Part::Original, Part::Thumbnail] {
        assert_eq!(stored(world, loose.id, part).await, None);
    }
    assert_eq!(stored(world, deleted.id, Part::Original).await, None);
    assert_eq!(
        read(world, &stage.member, hanging.id).await.unwrap(),
        b"hanging"
    );
}

#[tokio::test]
async fn there_is_nothing_to_see_of_what_is_not_there() {
    let stage = Stage::new().await;
    let unknown: MediaId = stage.world.ports.ids.next();
    let answer = read(&stage.world, &stage.member, unknown).await;
    assert_eq!(refusal(answer), Refusal::NotFound);
    LookAtUpload::new(&stage.world.ports)
        .run(unknown)
        .await
        .unwrap();
}
