//! Obligations of [`domain::port::Upkeep`].
//!
//! The time in these tests is long before that of all others, so that nothing of theirs expires.

use std::time::Duration;

use domain::port::Sessions;
use domain::port::messages::{Change, Fingerprint, NewMessage, View, Window};
use domain::port::rooms::Step;
use domain::port::sessions::{Rotated, Rotation};
use domain::{
    Happening, RoomId, Session, SessionId, SessionOrigin, Timestamp, TokenDigest, UserId,
};
use tokio::sync::Mutex;

use crate::made::{PIN, emoji, event, react, reply, seq, view};
use crate::{Store, at, fresh, new_message};

contract!(upkeep {
    deleted_rooms_are_cleared_in_steps,
    expired_sessions_are_cleared,
    what_lives_is_spared,
});

/// Held while clearing: a store may skip what another call is clearing, and report nothing.
static CLEARING: Mutex<()> = Mutex::const_new(());

pub async fn deleted_rooms_are_cleared_in_steps(store: &Store) {
    let _alone = CLEARING.lock().await;
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await.id;
    let upload = store.upload(ana, room).await;
    let posted = fill(store, room, [ana, ben], 20).await;
    store.delete_room(room, ana).await;

    clear(store, 7).await;

    // Nothing is left: whatever takes the same names starts from scratch.
    let again = store.room_with(ben, &[], |new| new.id = room).await;
    assert_eq!((again.member_count, again.last_seq), (1, seq(0)));
    let access = store.rooms.access(room, ana).await.unwrap().unwrap();
    assert_eq!((access.membership, access.banned), (None, false));
    let batch: Vec<NewMessage> = posted
        .into_iter()
        .map(|new| NewMessage {
            reply_to: None,
            attachments: Vec::new(),
            mentions: Vec::new(),
            ..new
        })
        .collect();
    for new in batch {
        let message = store.append(new).await;
        let seen = store.seen(message.id, ana).await;
        assert_eq!(seen, message);
        assert!(seen.reactions.is_empty() && seen.attachments.is_empty());
        assert!(seen.mentions.is_empty() && seen.reply_count == 0);
    }
    let orphans = store.media.orphans(at(1_000), 10_000).await.unwrap();
    assert!(orphans.contains(&upload.id));
}

pub async fn what_lives_is_spared(store: &Store) {
    let _alone = CLEARING.lock().await;
    let [ana, ben, cleo, dora] = store.people().await;
    let room = store.private_room(ana, &[ben, cleo, dora]).await.id;
    let gone = store.private_room(ana, &[ben, cleo]).await.id;
    let orphan = store.upload(ben, room).await.id;
    let told = event(room, Happening::RoomUpdated);
    let mut telling = new_message(room, ana, "heard");
    telling.events = vec![told];
    let message = store.append(telling).await;
    let posted = fill(store, room, [ana, ben], 8).await;
    fill(store, gone, [ana, ben], 8).await;
    store.change(&message, ana, Change::Delete).await;
    store.leave(room, cleo).await;
    store.act(room, ana, vec![Step::Ban { user: dora }]).await;

    let now = async || {
        let view = view(room, ben);
        let changes = store.room_log.changes(&view, domain::Rev::ZERO, 1_000);
        let newest = posted.last().unwrap();
        let sent = store.messages.sent(newest.sender, newest.client.unwrap().0);
        let uploads = posted.iter().flat_map(|new| new.attachments.clone());
        let uploads: Vec<_> = uploads.chain([orphan]).collect();
        (
            changes.await.unwrap().unwrap(),
            read(store, view).await,
            sent.await.unwrap().unwrap(),
            store.members.bans(room).await.unwrap(),
            store.invites.of_room(room, at(0)).await.unwrap(),
            store.media.find(&uploads).await.unwrap(),
            store.users.find(&[ana, ben, cleo]).await.unwrap(),
            store.waiting(&[told]).await,
        )
    };
    let before = now().await;
    assert_eq!((before.1.len(), before.5.len(), before.7.len()), (10, 2, 1));
    store.delete_room(gone, ana).await;
    clear(store, 1_000).await;
    assert_eq!(now().await, before);
    assert_eq!(store.post(room, ben, "on").await.seq, seq(11));
}

pub async fn expired_sessions_are_cleared(store: &Store) {
    let Some(sessions) = &store.sessions else {
        return;
    };
    let [ana] = store.people().await;
    let open = async |expires_at| {
        let token = token();
        let session = session(ana, expires_at);
        sessions.open(&session, token).await.unwrap();
        (session.id, token)
    };
    let (expired, first) = open(long_ago(100)).await;
    let second = token();
    let rotated = rotate(sessions.as_ref(), first, second, long_ago(100)).await;
    assert!(matches!(rotated, Rotated::Renewed(_)));
    let (live, good) = open(long_ago(201)).await;
    let (ended, void) = open(long_ago(201)).await;
    assert!(sessions.end(ended, ana, long_ago(10)).await.unwrap());
    let all = [expired, live, ended];
    let before = sessions.live(&all, long_ago(50)).await.unwrap();
    assert_eq!(sorted(before), sorted(vec![expired, live]));

    let alone = CLEARING.lock().await;
    clear(store, 1).await;
    drop(alone);

    // Even for a node whose clock is behind.
    let lived = sessions.live(&all, long_ago(50)).await.unwrap();
    assert_eq!(lived, [live]);
    let listed = sessions.of_user(ana, long_ago(50)).await.unwrap();
    assert_eq!(listed.iter().map(|it| it.id).collect::<Vec<_>>(), [live]);
    for token in [first, second] {
        let found = sessions.find_by_token(token, long_ago(50)).await;
        assert_eq!(found.unwrap(), None);
        let reopened = session(ana, long_ago(300));
        sessions.open(&reopened, token).await.unwrap();
        let found = sessions.find_by_token(token, long_ago(50)).await;
        assert_eq!(found.unwrap(), Some(reopened));
    }
    let rotated = rotate(sessions.as_ref(), good, token(), long_ago(300)).await;
    assert!(matches!(rotated, Rotated::Renewed(_)));
    let rotated = rotate(sessions.as_ref(), void, token(), long_ago(300)).await;
    assert_eq!(rotated, Rotated::Revoked);
}

const NOW: Timestamp = Timestamp::from_millis(1_000_000_200);

fn long_ago(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000 + millis)
}

/// Clears until nothing is left, up to `limit` at a time. The total is unknown, because other tests
/// delete rooms as well.
async fn clear(store: &Store, limit: usize) {
    loop {
        let removed = store.upkeep.clear(NOW, limit).await.unwrap();
        assert!(removed <= limit, "{removed} of at most {limit}");
        if removed == 0 {
            return;
        }
    }
}

/// Posts `count` messages with everything that can be on them, one of them with an upload.
async fn fill(store: &Store, room: RoomId, people: [UserId; 2], count: usize) -> Vec<NewMessage> {
    let [ana, ben] = people;
    let start = store.post(room, ana, "start").await;
    let mut posted = Vec::new();
    for number in 0..count {
        let mut new = reply(&start, ana, &format!("reply {number}"));
        new.client = Some((fresh(), Fingerprint([1; 32])));
        new.mentions = vec![ben];
        if number == 0 {
            new.attachments = vec![store.upload(ana, room).await.id];
        }
        let message = store.append(new.clone()).await;
        store.change(&message, ben, react(&emoji(1))).await;
        store.change(&message, ana, PIN).await;
        posted.push(new);
    }
    posted
}

async fn read(store: &Store, view: View) -> Vec<domain::Message> {
    let page = store.messages.page(&view, Window::Newest, 1_000).await;
    page.unwrap()
}

fn token() -> TokenDigest {
    let half = fresh::<SessionId>().as_uuid().into_bytes();
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&half);
    TokenDigest::from_bytes(bytes)
}

fn session(user: UserId, expires_at: Timestamp) -> Session {
    Session {
        id: fresh(),
        user,
        created_at: long_ago(0),
        last_used_at: long_ago(0),
        expires_at,
        origin: SessionOrigin::default(),
    }
}

async fn rotate(
    sessions: &dyn Sessions,
    presented: TokenDigest,
    replacement: TokenDigest,
    expires_at: Timestamp,
) -> Rotated {
    let rotation = Rotation {
        presented,
        replacement,
        at: long_ago(20),
        grace: Duration::from_mins(1),
        expires_at,
        origin: SessionOrigin::default(),
    };
    sessions.rotate(&rotation).await.unwrap()
}

fn sorted(mut ids: Vec<SessionId>) -> Vec<SessionId> {
    ids.sort_unstable();
    ids
}
