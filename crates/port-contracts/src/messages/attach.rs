//! Attaching uploads to messages.

use domain::port::media::Findings;
use domain::port::messages::Appended;
use domain::{MediaStatus, RoomId, UserId};

use crate::made::{new_media, seq, with_uploads};
use crate::{CROWD, ROUNDS, Store, at_once, fresh};

pub async fn an_attachment_hangs_once(store: &Store) {
    let [ana] = store.people().await;
    let room = store.room(ana, &[]).await.id;
    let upload = async || store.upload(ana, room).await.id;

    // In sequence; a refused message leaves its other uploads free.
    let (used, free) = (upload().await, upload().await);
    store.attach(room, ana, &[used]).await;
    let before = store.head(room).await;
    assert_eq!(
        store
            .try_append(with_uploads(room, ana, &[free, used]))
            .await,
        Appended::Unattachable
    );
    assert_eq!(store.head(room).await, before);
    store.attach(room, ana, &[free]).await;

    // Nor twice on one message.
    let twice = upload().await;
    let new = with_uploads(room, ana, &[twice, twice]);
    assert_eq!(store.try_append(new).await, Appended::Unattachable);
    store.attach(room, ana, &[twice]).await;

    // Within a batch.
    let shared = upload().await;
    let batch = [shared, shared].map(|id| with_uploads(room, ana, &[id]));
    let answers = store.messages.append(&batch).await.unwrap();
    assert!(
        matches!(
            answers.as_slice(),
            [Appended::Stored(_), Appended::Unattachable]
        ),
        "{answers:?}"
    );

    for _ in 0..ROUNDS {
        many_want_an_upload(store, room, ana).await;
    }
}

async fn many_want_an_upload(store: &Store, room: RoomId, owner: UserId) {
    let before = store.head(room).await;
    let wanted = store.upload(owner, room).await.id;
    let answers = at_once(CROWD, |_| {
        let (store, new) = (store.clone(), with_uploads(room, owner, &[wanted]));
        async move { store.try_append(new).await }
    })
    .await;
    let (stored, refused): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| matches!(answer, Appended::Stored(_)));
    assert_eq!(stored.len(), 1);
    assert_eq!(refused, vec![Appended::Unattachable; CROWD - 1]);
    assert_eq!(store.head(room).await.seq, before.seq.next());
    assert_eq!(store.head(room).await.rev, before.rev.next());
}

pub async fn only_ones_own_uploads_of_the_room_hang(store: &Store) {
    let [ana, ben] = store.people().await;
    let (room, other) = (
        store.room(ana, &[ben]).await.id,
        store.room(ana, &[]).await.id,
    );
    let avatar = new_media(ana, None);
    store
        .media
        .create(&avatar, crate::made::DIGEST, &[])
        .await
        .unwrap();
    let rejected = concluded(store, ana, room, MediaStatus::Rejected).await;
    let unfit = [
        store.upload(ben, room).await.id,
        store.upload(ana, other).await.id,
        avatar.id,
        rejected.id,
        fresh(),
    ];
    let fit = store.upload(ana, room).await;
    for upload in unfit {
        for uploads in [&[upload][..], &[fit.id, upload]] {
            assert_eq!(
                store.try_append(with_uploads(room, ana, uploads)).await,
                Appended::Unattachable
            );
        }
    }
    assert_eq!(store.head(room).await.seq, seq(0));

    // Processed or not, in the order in which the sender gave them.
    let ready = concluded(store, ana, room, MediaStatus::Ready).await;
    let last = store.upload(ana, room).await;
    let message = store.attach(room, ana, &[last.id, ready.id, fit.id]).await;
    assert_eq!(message.attachments, [last, ready, fit]);
    assert_eq!(store.seen(message.id, ben).await, message);
}

async fn concluded(
    store: &Store,
    owner: UserId,
    room: RoomId,
    status: MediaStatus,
) -> domain::Media {
    let upload = store.upload(owner, room).await;
    let findings = Findings {
        status,
        dimensions: Some((640, 480)),
        thumbnail: status == MediaStatus::Ready,
    };
    let (media, message) = store
        .media
        .conclude(upload.id, &findings)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((media.status, message), (status, None));
    media
}
