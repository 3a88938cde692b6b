//! What a node broadcasts to its listeners.

use std::sync::Arc;

use domain::port::IdsExt as _;
use domain::port::bus::{MemberChange, MessageChange, RoomChange};
use domain::port::messages::{Amended, Amendment, Change};
use domain::port::rooms::Step;
use domain::{Emoji, Message, Rev, RoomId};

use super::super::Feed;
use super::super::feed::STRETCH;
use crate::present::{Everyone, Names};
use crate::testing::{CountedPresence, CountedUsers, Stage, World};
use crate::{ChangeView, Ports};

fn feed(ports: &Ports) -> Feed {
    let names = Arc::new(Names::new(ports));
    Feed::new(ports, &Everyone::new(ports, &names))
}

fn created(message: Message) -> RoomChange {
    RoomChange::Message(Box::new(message), MessageChange::Created)
}

#[tokio::test]
async fn people_are_asked_for_once_and_then_nobody_is() {
    let mut stage = Stage::new().await;
    let users = CountedUsers::over(&stage.world.ports.users);
    let presence = CountedPresence::over(&stage.world.ports.presence);
    stage.world.ports.users = Arc::<CountedUsers>::clone(&users);
    stage.world.ports.presence = Arc::<CountedPresence>::clone(&presence);
    let feed = feed(&stage.world.ports);
    let said = async || {
        let mut rooms = Vec::new();
        for room in [stage.public, stage.private] {
            let one = stage.world.post(room, &stage.owner, "one").await;
            let two = stage.world.post(room, &stage.member, "two").await;
            rooms.push((room, vec![created(one), created(two)]));
        }
        rooms
    };
    for questions in [1, 0] {
        let rooms = said().await;
        let shown = feed.present_many(rooms.clone()).await.unwrap();
        assert_eq!((users.asked(), presence.asked()), (questions, 0));
        let told = shown.into_iter().map(|(room, views)| {
            let messages = views.into_iter().map(message);
            (room, messages.collect::<Vec<_>>())
        });
        assert_eq!(told.collect::<Vec<_>>(), rooms);
    }
}

/// The change that this must be the view of.
fn message(view: ChangeView) -> RoomChange {
    let ChangeView::Message(view, how) = view else {
        panic!("{view:?}");
    };
    assert_eq!((view.sender.id, view.reach), (view.message.sender, None));
    RoomChange::Message(Box::new(view.message), how)
}

#[tokio::test]
async fn nothing_in_a_change_is_for_one_reader_alone() {
    let stage = Stage::new().await;
    let (world, feed) = (&stage.world, feed(&stage.world.ports));
    world.connect(&stage.member).await;
    let message = world.post(stage.private, &stage.member, "hi").await;
    let amendment = Amendment {
        message: message.id,
        room: stage.private,
        by: stage.member.user,
        at: world.now(),
        change: Change::React {
            emoji: Emoji::parse("👍").unwrap(),
            on: true,
        },
        events: Vec::new(),
    };
    let amended = world.ports.messages.amend(&amendment).await.unwrap();
    let Amended::Changed(message) = amended else {
        panic!("{amended:?}");
    };
    assert!(message.reactions.iter().all(|reaction| reaction.mine));
    let access = world.ports.rooms.access(stage.private, stage.member.user);
    let access = access.await.unwrap().unwrap();
    assert!(access.room.standing_invite.is_some());
    let changes = vec![
        created(message),
        RoomChange::Member(access.membership.unwrap(), MemberChange::Joined),
        RoomChange::Room(Box::new(access.room)),
    ];
    let shown = feed.present(stage.private, changes).await.unwrap();
    let [
        ChangeView::Message(message, _),
        ChangeView::Member(member, _),
        ChangeView::Room(room),
    ] = shown.as_slice()
    else {
        panic!("{shown:?}");
    };
    assert!(message.message.reactions.iter().all(|r| !r.mine));
    assert_eq!(message.sender.email, None);
    assert_eq!(member.person.user.id, stage.member.user);
    assert_eq!(member.person.user.email, None);
    assert!(member.person.online);
    assert_eq!(room.standing_invite, None);
}

#[tokio::test]
async fn a_change_tells_what_it_is_about() {
    let stage = Stage::new().await;
    let (world, feed) = (&stage.world, feed(&stage.world.ports));
    let room = world.room(&stage.owner).await.id;
    let joined = world.join(room, &stage.member).await.members.remove(0);
    let message = world.post(room, &stage.member, "hi").await;
    let left = world.leave(room, &stage.member).await.members.remove(0);
    let gone = world.act(room, stage.owner.user, vec![Step::Delete]).await;
    let changes = vec![
        RoomChange::Member(joined, MemberChange::Joined),
        created(message.clone()),
        RoomChange::Member(left, MemberChange::Left),
        RoomChange::RoomDeleted(Box::new(gone.room)),
    ];
    let shown = feed.present(room, changes).await.unwrap();
    let told = shown.iter().map(|c| (c.rev().get(), c.seq(), c.departed()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (3, None, None),
            (4, Some(message.seq), None),
            (5, None, Some(stage.member.user)),
            (6, None, None),
        ]
    );
}

#[tokio::test]
async fn what_changed_is_read_whoever_may_read_it() {
    let stage = Stage::new().await;
    let feed = feed(&stage.world.ports);
    let (room, before, after) = stage.joined_room().await;
    let all = feed.since(room, Rev::ZERO, 10).await.unwrap().unwrap();
    let places: Vec<_> = all.changes.iter().filter_map(ChangeView::seq).collect();
    assert_eq!(places, [before.seq, after.seq]);
    assert_eq!(
        (all.up_to, all.more, all.last),
        (after.rev, false, after.rev)
    );
    let none = feed.since(room, after.rev, 10).await.unwrap().unwrap();
    assert_eq!((none.changes, none.up_to), (vec![], after.rev));
    stage
        .world
        .act(room, stage.owner.user, vec![Step::Delete])
        .await;
    assert_eq!(feed.since(room, Rev::ZERO, 10).await.unwrap(), None);
    assert_eq!(feed.heads(&[room]).await.unwrap(), []);
}

#[tokio::test]
async fn heads_are_told_of_as_many_rooms_as_there_are() {
    let world = World::new();
    let feed = feed(&world.ports);
    let ana = world.user("ana").await;
    let mut rooms = Vec::new();
    for _ in 0..=STRETCH {
        rooms.push(world.room(&ana).await.id);
    }
    let heads = feed.heads(&rooms).await.unwrap();
    let told: Vec<RoomId> = heads.iter().map(|head| head.room).collect();
    assert_eq!(told, rooms);
    assert_eq!(feed.epoch().await.unwrap().as_str(), "test");
}

#[tokio::test]
async fn a_room_is_shown_as_a_member_sees_it() {
    let stage = Stage::new().await;
    let feed = feed(&stage.world.ports);
    for (who, seen, invites) in [
        (&stage.member, true, false),
        (&stage.owner, true, true),
        (&stage.stranger, false, false),
        (&stage.banned, false, false),
    ] {
        let view = feed.room_for(who.user, stage.private).await.unwrap();
        assert_eq!(view.is_some(), seen);
        let standing = view.as_ref().and_then(|view| view.standing.as_ref());
        let member = standing.map(|standing| standing.membership.user);
        assert_eq!(member, seen.then_some(who.user));
        assert_eq!(view.is_some_and(|view| view.invite.is_some()), invites);
    }
    let nowhere = stage.world.ports.ids.next();
    let view = feed.room_for(stage.member.user, nowhere).await.unwrap();
    assert_eq!(view, None);
}

#[tokio::test]
async fn those_who_still_belong_are_told_from_those_who_left() {
    let stage = Stage::new().await;
    let feed = feed(&stage.world.ports);
    let here = (stage.public, stage.member.user);
    let pairs = [
        here,
        (stage.public, stage.stranger.user),
        (stage.private, stage.banned.user),
        (stage.world.ports.ids.next(), stage.member.user),
    ];
    assert_eq!(feed.still_members(&pairs).await.unwrap(), [here]);
}
