//! Obligations of [`domain::port::MediaStore`].

use domain::port::media::{FileDigest, Filed, Findings, Hangs};
use domain::port::messages::{Appended, Change};
use domain::port::rooms::Step;
use domain::port::users::{ProfileChange, ProfileChanged};
use domain::{Edit, Happening, Media, MediaId, MediaStatus, RoomId, Timestamp, UserId};

use crate::made::{event, new_media, view, with_uploads};
use crate::{CROWD, ROUNDS, Store, at, at_once, fresh};

contract!(media {
    an_upload_is_found_as_kept,
    a_file_is_where_it_hangs,
    findings_are_kept_once,
    findings_change_the_message,
    usage_sums_ones_uploads,
    uploads_are_listed_by_owner,
    orphans_hang_nowhere,
    removed_uploads_are_unknown,
    what_is_needed_is_not_removed,
});

pub async fn an_upload_is_found_as_kept(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let picture = new_media(ana, Some(room));
    let uploaded = event(room, Happening::MediaUploaded(picture.id));
    let other = event(room, Happening::RoomUpdated);
    store
        .media
        .create(&picture, crate::made::DIGEST, &[uploaded, other])
        .await
        .unwrap();
    let mut avatar = new_media(ana, None);
    "video/mp4".clone_into(&mut avatar.content_type);
    avatar.size = 25 << 20;
    avatar.dimensions = Some((7_680, 4_320));
    avatar.thumbnail = true;
    avatar.status = MediaStatus::Ready;
    store
        .media
        .create(&avatar, crate::made::DIGEST, &[])
        .await
        .unwrap();

    let asked = [avatar.id, fresh(), picture.id];
    assert_eq!(store.media.find(&asked).await.unwrap(), [avatar, picture]);
    assert_eq!(store.media.find(&[]).await.unwrap(), []);
    assert_eq!(store.waiting(&[uploaded, other]).await, [uploaded, other]);
}

pub async fn a_file_is_where_it_hangs(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    store.post(room, ana, "before").await;
    let digests = [
        FileDigest([1; 32]),
        FileDigest(std::array::from_fn(|n| u8::try_from(n * 8).unwrap())),
    ];
    let mut uploads = Vec::new();
    for digest in digests {
        let media = new_media(ana, Some(room));
        store.media.create(&media, digest, &[]).await.unwrap();
        let filed = Filed {
            media,
            digest,
            hangs: Hangs::Nowhere,
        };
        assert_eq!(
            store.media.filed(filed.media.id).await.unwrap(),
            Some(filed.clone())
        );
        uploads.push(filed);
    }
    let message = store.attach(room, ana, &[uploads[1].media.id]).await;
    let hangs = async |which: &Filed| {
        let filed = store.media.filed(which.media.id).await.unwrap().unwrap();
        assert_eq!(
            (filed.media, filed.digest),
            (which.media.clone(), which.digest)
        );
        filed.hangs
    };
    assert_eq!(hangs(&uploads[0]).await, Hangs::Nowhere);
    assert_eq!(hangs(&uploads[1]).await, Hangs::On(message.seq));
    store.change(&message, ana, Change::Delete).await;
    assert_eq!(hangs(&uploads[1]).await, Hangs::NoMore);

    let avatar = new_media(ana, None);
    store.media.create(&avatar, digests[0], &[]).await.unwrap();
    let filed = store.media.filed(avatar.id).await.unwrap().unwrap();
    assert_eq!((filed.media, filed.hangs), (avatar, Hangs::Nowhere));
    assert_eq!(store.media.filed(fresh()).await.unwrap(), None);

    store.delete_room(room, ana).await;
    assert_eq!(store.media.filed(uploads[0].media.id).await.unwrap(), None);
}

pub async fn findings_are_kept_once(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let upload = store.upload(ana, room).await;
    let expected = Media {
        status: MediaStatus::Ready,
        dimensions: Some((640, 480)),
        thumbnail: true,
        ..upload.clone()
    };
    let before = store.head(room).await;
    let conclude = async |id, findings| store.media.conclude(id, &findings).await.unwrap();
    assert_eq!(
        conclude(upload.id, READY).await,
        Some((expected.clone(), None))
    );
    assert_eq!(conclude(upload.id, REJECTED).await, None);
    assert_eq!(conclude(upload.id, READY).await, None);
    assert_eq!(store.media.find(&[upload.id]).await.unwrap(), [expected]);
    assert_eq!(conclude(fresh(), READY).await, None);
    assert_eq!(store.head(room).await, before);
    for _ in 0..ROUNDS {
        let upload = store.upload(ana, room).await.id;
        many_conclude(store, upload).await;
    }
}

async fn many_conclude(store: &Store, contested: MediaId) {
    let answers = at_once(CROWD, |number| {
        let (store, fit) = (store.clone(), number % 2 == 0);
        let findings = if fit { READY } else { REJECTED };
        async move { store.media.conclude(contested, &findings).await.unwrap() }
    })
    .await;
    let kept: Vec<Media> = answers.into_iter().flatten().map(|it| it.0).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(store.media.find(&[contested]).await.unwrap(), kept);
}

pub async fn findings_change_the_message(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let uploads = [store.upload(ana, room).await, store.upload(ana, room).await];
    let before = store.attach(room, ana, &uploads.map(|it| it.id)).await;
    store.post(room, ana, "later").await;

    let mut expected = before;
    for (place, findings) in [(1, READY), (0, REJECTED)] {
        let head = store.head(room).await;
        let upload = expected.attachments.get_mut(place).unwrap();
        upload.status = findings.status;
        upload.dimensions = findings.dimensions;
        upload.thumbnail = findings.thumbnail;
        let upload = upload.clone();
        expected.rev = head.rev.next();
        assert_eq!(
            store.media.conclude(upload.id, &findings).await.unwrap(),
            Some((upload, Some(expected.clone())))
        );
        assert_eq!(store.seen(expected.id, ana).await, expected);
        let view = view(room, ana);
        let changes = store.room_log.changes(&view, head.rev, 10).await;
        assert_eq!(changes.unwrap().unwrap().messages, [expected.clone()]);
        assert_eq!(store.head(room).await.rev, expected.rev);
        assert_eq!(store.head(room).await.seq, head.seq);
    }

    for _ in 0..ROUNDS {
        some_attach_while_others_look(store, room, ana).await;
    }

    // Nothing is attached to a deleted message any longer.
    let late = store.upload(ana, room).await.id;
    let message = store.attach(room, ana, &[late]).await;
    let tombstone = store.change(&message, ana, Change::Delete).await;
    let concluded = store.media.conclude(late, &READY).await.unwrap();
    assert!(concluded.is_none_or(|(_, message)| message.is_none()));
    assert_eq!(store.seen(message.id, ana).await, tombstone);
    assert_eq!(store.head(room).await.rev, tombstone.rev);
}

/// Attaching and concluding race: in the end the message shows the conclusion, which took a rev if the
/// message came first.
async fn some_attach_while_others_look(store: &Store, room: RoomId, owner: UserId) {
    let before = store.head(room).await;
    let mut uploads = Vec::new();
    for _ in 0..CROWD / 2 {
        uploads.push(store.upload(owner, room).await.id);
    }
    let answers = at_once(CROWD, |number| {
        let (store, upload) = (store.clone(), uploads[number / 2]);
        async move {
            if number % 2 == 0 {
                return Some(store.attach(room, owner, &[upload]).await);
            }
            let concluded = store.media.conclude(upload, &READY).await.unwrap();
            concluded.unwrap().1
        }
    })
    .await;

    let mut spent = 0;
    for pair in answers.chunks(2) {
        let (posted, touched) = (pair[0].clone().unwrap(), pair[1].clone());
        let knew = posted.attachments[0].status == MediaStatus::Ready;
        assert_eq!(touched.is_some(), !knew);
        spent += if knew { 1 } else { 2 };
        let seen = store.seen(posted.id, owner).await;
        assert_eq!(seen.attachments[0].status, MediaStatus::Ready);
        assert_eq!(seen, touched.unwrap_or(posted));
    }
    assert_eq!(store.head(room).await.rev.get(), before.rev.get() + spent);
}

pub async fn usage_sums_ones_uploads(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await.id;
    let usage = async |owner| store.media.usage(owner).await.unwrap();
    assert_eq!(usage(ana).await, 0);
    let keep = async |owner, room, size| {
        let mut media = new_media(owner, room);
        media.size = size;
        store
            .media
            .create(&media, crate::made::DIGEST, &[])
            .await
            .unwrap();
        media.id
    };

    let big = 5_000_000_000;
    let first = keep(ana, Some(room), big).await;
    let second = keep(ana, Some(room), 20).await;
    keep(ana, None, 3).await;
    keep(ben, Some(room), 400).await;
    assert_eq!(usage(ana).await, big + 23);
    store.media.conclude(first, &READY).await.unwrap();
    let message = store.attach(room, ana, &[first]).await;
    assert_eq!(usage(ana).await, big + 23);
    store.media.conclude(second, &REJECTED).await.unwrap();
    assert_eq!(usage(ana).await, big + 3);
    store.change(&message, ana, Change::Delete).await;
    store.media.remove(&[first]).await.unwrap();
    assert_eq!(usage(ana).await, 3);
    assert_eq!(usage(ben).await, 400);
}

pub async fn uploads_are_listed_by_owner(store: &Store) {
    let [ana, ben] = store.people().await;
    let (room, gone) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[]).await.id,
    );
    let mut own = Vec::new();
    for (owner, place) in [
        (ana, Some(room)),
        (ben, Some(room)),
        (ana, None),
        (ana, Some(gone)),
        (ana, Some(room)),
    ] {
        let media = new_media(owner, place);
        let digest = crate::made::DIGEST;
        store.media.create(&media, digest, &[]).await.unwrap();
        if owner == ana && place != Some(gone) {
            own.push(media);
        }
    }
    store.attach(room, ana, &[own[0].id]).await;
    store.act(gone, ana, vec![Step::Delete]).await;
    own.sort_unstable_by_key(|media| media.id);
    let media = &store.media;
    let first = media.of_owner(ana, None, 2).await.unwrap();
    assert_eq!(first, own[..2]);
    let rest = media.of_owner(ana, Some(own[1].id), 9).await.unwrap();
    assert_eq!(rest, own[2..]);
}

pub async fn orphans_hang_nowhere(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    // Long before the uploads of other tests, and not in the order in which they are stored.
    let keep = async |room, millis| {
        let mut media = new_media(ana, room);
        media.created_at = long_ago(millis);
        store
            .media
            .create(&media, crate::made::DIGEST, &[])
            .await
            .unwrap();
        media.id
    };
    let second = keep(Some(room), 20).await;
    let first = keep(Some(room), 10).await;
    let hanging = keep(Some(room), 11).await;
    let deleted = keep(Some(room), 30).await;
    let old_avatar = keep(None, 40).await;
    let avatar = keep(None, 12).await;
    let late = keep(Some(room), 99).await;
    let young = keep(Some(room), 100).await;
    store.media.conclude(second, &REJECTED).await.unwrap();
    store.attach(room, ana, &[hanging]).await;
    let message = store.attach(room, ana, &[deleted]).await;
    wear(store, ana, old_avatar).await;

    let uploads = [
        first, second, hanging, deleted, old_avatar, avatar, late, young,
    ];
    let orphans = async || {
        let orphans = store.media.orphans(long_ago(100), 10_000).await.unwrap();
        let mine = orphans.into_iter().filter(|id| uploads.contains(id));
        mine.collect::<Vec<_>>()
    };
    assert_eq!(orphans().await, [first, avatar, second, late]);

    // What was attached to a deleted message is an orphan, and so is a replaced avatar.
    store.change(&message, ana, Change::Delete).await;
    wear(store, ana, avatar).await;
    let all = [first, second, deleted, old_avatar, late];
    assert_eq!(orphans().await, all);
    let some = store.media.orphans(long_ago(100), 2).await.unwrap();
    assert_eq!(some.len(), 2);

    let mut removed = store.media.remove(&all).await.unwrap();
    removed.sort_unstable();
    let mut all = all;
    all.sort_unstable();
    assert_eq!(removed, all);
    assert_eq!(orphans().await, []);
    assert_eq!(found(store, &uploads).await, [hanging, avatar, young]);
}

pub async fn removed_uploads_are_unknown(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let (gone, stays) = (
        store.upload(ana, room).await.id,
        store.upload(ana, room).await.id,
    );
    for told in [vec![gone], vec![]] {
        let removed = store.media.remove(&[gone, fresh()]).await.unwrap();
        assert_eq!(removed, told);
        assert_eq!(found(store, &[gone, stays]).await, [stays]);
    }
    assert_eq!(store.media.conclude(gone, &READY).await.unwrap(), None);
    assert_eq!(
        store.try_append(with_uploads(room, ana, &[gone])).await,
        Appended::Unattachable
    );
    store.attach(room, ana, &[stays]).await;
}

pub async fn what_is_needed_is_not_removed(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let (hanging, loose) = (
        store.upload(ana, room).await.id,
        store.upload(ana, room).await.id,
    );
    let avatar = store.upload(ana, room).await.id;
    store.attach(room, ana, &[hanging]).await;
    wear(store, ana, avatar).await;
    let uploads = [hanging, loose, avatar];
    assert_eq!(store.media.remove(&uploads).await.unwrap(), [loose]);
    assert_eq!(found(store, &uploads).await, [hanging, avatar]);
}

const READY: Findings = Findings {
    status: MediaStatus::Ready,
    dimensions: Some((640, 480)),
    thumbnail: true,
};

const REJECTED: Findings = Findings {
    status: MediaStatus::Rejected,
    dimensions: None,
    thumbnail: false,
};

fn long_ago(millis: i64) -> Timestamp {
    at(millis - 1_000_000_000)
}

async fn found(store: &Store, ids: &[MediaId]) -> Vec<MediaId> {
    let found = store.media.find(ids).await.unwrap();
    found.into_iter().map(|media| media.id).collect()
}

/// Makes an upload a user's avatar.
async fn wear(store: &Store, user: UserId, avatar: MediaId) {
    let change = ProfileChange {
        avatar: Edit::Set(avatar),
        ..ProfileChange::default()
    };
    let changed = store.users.change_profile(user, &change).await.unwrap();
    assert!(matches!(changed, ProfileChanged::Changed(_)));
}
