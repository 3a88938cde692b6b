//! The end of a room.

use domain::port::cursors::{CursorMove, Moved};
use domain::port::media::Findings;
use domain::port::messages::{Amended, Appended, Fingerprint, Window};
use domain::port::rooms::{Browse, Decided, NewRoom, Step};
use domain::port::search::MessageQuery;
use domain::{
    ClientId, InviteCode, MediaId, MediaStatus, Message, Notifications, Rev, Room, UserId,
};

use super::scene::{code, made, name, new_room};
use crate::made::{PIN, act, decision, edit, reply, seq, view};
use crate::{CROWD, Store, at, at_once, fresh, new_message, unique};

/// A deleted room, and what was in it.
struct Gone {
    room: Room,
    owner: UserId,
    member: UserId,
    banned: UserId,
    invite: InviteCode,
    first: Message,
    client: ClientId,
    /// One that was attached to the message, and one that was not attached.
    uploads: [MediaId; 2],
    /// A word that only this room and its message contain.
    word: String,
}

pub async fn a_deleted_room_is_unknown(store: &Store) {
    let gone = delete(store).await;
    rooms_do_not_know(store, &gone).await;
    members_do_not_know(store, &gone).await;
    invites_do_not_know(store, &gone).await;
    messages_do_not_know(store, &gone).await;
    logs_do_not_know(store, &gone).await;
    uploads_do_not_show(store, &gone).await;
    what_it_took_is_free(store, &gone).await;
    a_room_ends_once(store).await;
}

async fn delete(store: &Store) -> Gone {
    let [owner, member, banned] = store.people().await;
    let user = store.users.find(&[member]).await.unwrap().remove(0);
    let word = unique("gone");
    let new = NewRoom {
        name: name(&word),
        members: vec![member],
        ..new_room(owner)
    };
    let room = made(store.rooms.create(&new).await.unwrap());
    let invite = super::scene::standing(room.id, code(), owner, at(0));
    store.invites.create(&invite).await.unwrap();
    store
        .act(room.id, owner, vec![Step::Ban { user: banned }])
        .await;
    let client = fresh();
    let mut message = new_message(
        room.id,
        owner,
        &format!("{word} @{}", user.username.as_str()),
    );
    message.client = Some((client, Fingerprint([1; 32])));
    message.mentions = vec![member];
    let uploads = [
        store.upload(owner, room.id).await.id,
        store.upload(owner, room.id).await.id,
    ];
    message.attachments = vec![uploads[0]];
    let first = store.append(message).await;
    let first = store.change(&first, owner, PIN).await;
    store.reply(&first, owner, "indeed").await;

    let before = store.present(room.id).await;
    let outcome = store.delete_room(room.id, owner).await;
    assert!(outcome.deleted);
    assert_eq!(outcome.members, []);
    let last = before.last_rev.next();
    assert_eq!((outcome.room.rev, outcome.room.last_rev), (last, last));
    assert_eq!(outcome.room.name, before.name);
    assert_eq!(outcome.room.member_count, 2);
    Gone {
        room,
        owner,
        member,
        banned,
        invite: invite.code,
        first,
        client,
        uploads,
        word,
    }
}

async fn rooms_do_not_know(store: &Store, gone: &Gone) {
    let (rooms, room) = (&store.rooms, gone.room.id);
    for user in [gone.owner, gone.member, gone.banned] {
        assert_eq!(rooms.access(room, user).await.unwrap(), None);
        assert_eq!(rooms.of_member(user).await.unwrap(), []);
        let browse = Browse {
            user,
            contains: Some(gone.word.clone()),
            before: None,
            limit: 10,
        };
        assert_eq!(rooms.browse(&browse).await.unwrap(), []);
    }
    assert_eq!(rooms.find(&[room]).await.unwrap(), []);
    assert_eq!(rooms.named(&name(&gone.word)).await.unwrap(), None);
    for steps in [vec![Step::Delete], vec![Step::Admit { user: gone.banned }]] {
        let decision = decision(steps);
        let rule = |_: &_| Ok(decision.clone());
        let decided = rooms.decide(&act(room, gone.owner), &rule).await;
        assert_eq!(decided.unwrap(), Decided::Unknown);
    }
}

async fn members_do_not_know(store: &Store, gone: &Gone) {
    let (members, room) = (&store.members, gone.room.id);
    let both = [gone.owner, gone.member];
    assert_eq!(members.page(room, None, 10).await.unwrap(), []);
    assert_eq!(members.find(room, &both).await.unwrap(), []);
    let user = store.users.find(&[gone.member]).await.unwrap().remove(0);
    assert_eq!(members.named(room, &[user.username]).await.unwrap(), []);
    assert_eq!(members.bans(room).await.unwrap(), []);
    let mute = Notifications::Muted { until: None };
    assert!(!members.notify(room, gone.member, mute).await.unwrap());
    assert_eq!(members.companions(gone.owner, &both).await.unwrap(), []);
    assert_eq!(members.peers(gone.owner, None, 10).await.unwrap(), []);
    assert_eq!(members.mentions(gone.member, &[room]).await.unwrap(), []);
}

async fn invites_do_not_know(store: &Store, gone: &Gone) {
    let (invites, room) = (&store.invites, gone.room.id);
    assert_eq!(invites.find(&gone.invite).await.unwrap(), None);
    assert_eq!(invites.of_room(room, at(0)).await.unwrap(), []);
    assert!(!invites.revoke(room, &gone.invite, at(0)).await.unwrap());
}

async fn messages_do_not_know(store: &Store, gone: &Gone) {
    let (messages, room) = (&store.messages, gone.room.id);
    let late = new_message(room, gone.owner, "late");
    assert_eq!(store.try_append(late).await, Appended::NoRoom);
    let late = reply(&gone.first, gone.member, "late");
    assert_eq!(store.try_append(late).await, Appended::NoRoom);
    let amended = store.amend(&gone.first, gone.owner, edit("late")).await;
    assert_eq!(amended, Amended::Unknown);

    let id = gone.first.id;
    let view = view(room, gone.owner);
    assert_eq!(messages.find(&[id], gone.owner).await.unwrap(), []);
    assert_eq!(messages.sent(gone.owner, gone.client).await.unwrap(), None);
    for window in [
        Window::Newest,
        Window::After(seq(0)),
        Window::Around(seq(1)),
    ] {
        assert_eq!(messages.page(&view, window, 10).await.unwrap(), []);
    }
    let replies = messages.replies(&view, id, seq(0), 10).await;
    assert_eq!(replies.unwrap(), []);
    assert_eq!(messages.pins(&view, None, 10).await.unwrap(), []);
    assert_eq!(messages.latest(&[view]).await.unwrap(), []);
    let query = MessageQuery {
        reader: gone.member,
        words: vec![gone.word.clone()],
        room: None,
        from: None,
        before: None,
        after: None,
        cursor: None,
        limit: 10,
    };
    assert_eq!(store.search.messages(&query).await.unwrap(), []);
}

async fn logs_do_not_know(store: &Store, gone: &Gone) {
    let (room, cursors) = (gone.room.id, &store.cursors);
    let read = CursorMove {
        room,
        user: gone.member,
        read: Some(seq(1)),
        delivered: None,
    };
    assert_eq!(cursors.advance(&read).await.unwrap(), Moved::NotMember);
    let progress = cursors.progress(room, gone.owner, 10).await;
    assert_eq!(progress.unwrap(), []);
    assert_eq!(cursors.floors(&[room], gone.owner).await.unwrap(), []);
    let view = view(room, gone.owner);
    let changes = store.room_log.changes(&view, Rev::ZERO, 10).await;
    assert_eq!(changes.unwrap(), None);
    assert_eq!(store.room_log.heads(&[room]).await.unwrap(), []);
}

async fn uploads_do_not_show(store: &Store, gone: &Gone) {
    let ready = Findings {
        status: MediaStatus::Ready,
        dimensions: None,
        thumbnail: false,
    };
    assert_eq!(store.media.find(&gone.uploads).await.unwrap(), []);
    for upload in gone.uploads {
        assert_eq!(store.media.conclude(upload, &ready).await.unwrap(), None);
    }
}

/// Names that only the deleted room held are free for others, who get nothing else of it.
async fn what_it_took_is_free(store: &Store, gone: &Gone) {
    let (rooms, owner) = (&store.rooms, gone.owner);
    let heir = NewRoom {
        name: name(&gone.word),
        unique_name: true,
        ..new_room(owner)
    };
    let heir = made(rooms.create(&heir).await.unwrap());
    let named = rooms.named(&name(&gone.word)).await.unwrap();
    assert_eq!(named.as_ref(), Some(&heir));

    let mut again = new_message(heir.id, owner, "other words");
    again.client = Some((gone.client, Fingerprint([2; 32])));
    let again = store.append(again).await;
    let sent = store.messages.sent(owner, gone.client).await.unwrap();
    assert_eq!(sent.map(|sent| sent.message), Some(again));

    let direct = store.direct(owner, gone.member).await;
    store.post(direct.id, owner, "hello").await;
    store.delete_room(direct.id, owner).await;
    let anew = store.direct(owner, gone.member).await;
    assert_ne!(anew.id, direct.id);
    assert_eq!((anew.last_seq, anew.member_count), (seq(0), 2));
}

/// While some delete a room, others post and join: exactly one deletes it, and whoever came after that
/// finds nothing.
async fn a_room_ends_once(store: &Store) {
    let people = store.people::<CROWD>().await;
    let [owner] = store.people().await;
    let room = store.room(owner, &[]).await.id;
    let answers = at_once(CROWD, |number| {
        let (store, user) = (store.clone(), people[number]);
        async move {
            let (actor, step) = match number % 3 {
                0 => (owner, Step::Delete),
                _ => (user, Step::Admit { user }),
            };
            let posted = store.try_append(new_message(room, owner, "last")).await;
            assert!(matches!(posted, Appended::Stored(_) | Appended::NoRoom));
            let decision = decision(vec![step]);
            let rule = |_: &_| Ok(decision.clone());
            store.rooms.decide(&act(room, actor), &rule).await.unwrap()
        }
    })
    .await;
    let ends = answers
        .iter()
        .filter(|answer| matches!(answer, Decided::Done(outcome) if outcome.deleted));
    assert_eq!(ends.count(), 1);
    assert_eq!(store.rooms.find(&[room]).await.unwrap(), []);
    for user in people {
        assert_eq!(store.rooms.of_member(user).await.unwrap(), []);
    }
}
