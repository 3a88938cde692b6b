//! Finding rooms by name.

use domain::port::rooms::{Browse, RoomEdit, Step};
use domain::{Edit, RoomId, RoomKind, UserId};

use super::scene::{code, ids, made, name, new_room};
use crate::{Store, at, fresh, unique};

pub async fn browsing_shows_public_rooms_and_ones_own(store: &Store) {
    let [ana, ben] = store.people().await;
    let word = unique("Browse");
    let make = async |owner: UserId, others: &[UserId], private: bool| {
        let made = store.room_with(owner, others, |room| {
            room.name = name(&format!("the {word} room"));
            room.standing_invite = private.then(code);
        });
        made.await.id
    };
    let public = make(ana, &[], false).await;
    let public_and_own = make(ana, &[ben], false).await;
    let hidden = make(ana, &[], true).await;
    let private = make(ana, &[ben], true).await;
    let own = make(ben, &[], true).await;
    let left = make(ana, &[ben], true).await;
    let gone = make(ana, &[ben], false).await;
    let banned = make(ana, &[], false).await;
    store.leave(left, ben).await;
    store.delete_room(gone, ana).await;
    store.act(banned, ana, vec![Step::Ban { user: ben }]).await;

    let look = |user: UserId, before: Option<RoomId>, limit: usize| Browse {
        user,
        contains: Some(name(&word).key()),
        before,
        limit,
    };
    let bens = [banned, own, private, public_and_own, public];
    assert_eq!(browse(store, &look(ben, None, 100)).await, bens);
    let anas = [banned, left, private, hidden, public_and_own, public];
    assert_eq!(browse(store, &look(ana, None, 100)).await, anas);
    let [stranger] = store.people().await;
    let open = [banned, public_and_own, public];
    assert_eq!(browse(store, &look(stranger, None, 100)).await, open);

    let mut paged = Vec::new();
    for page in [&bens[..2], &bens[2..4], &bens[4..], &[]] {
        let found = browse(store, &look(ben, paged.last().copied(), 2)).await;
        assert_eq!(found, page);
        paged.extend(found);
    }

    // Without a search term, while other tests make rooms: these are the newest before this moment.
    let direct = store.direct(ana, ben).await.id;
    let everything = Browse {
        contains: None,
        ..look(ben, Some(fresh()), 1_000)
    };
    let found = store.rooms.browse(&everything).await.unwrap();
    assert!(found.is_sorted_by(|one, next| one.id > next.id));
    let found_ids = ids(&found);
    assert!(bens.iter().all(|room| found_ids.contains(room)));
    assert!(
        ![hidden, left, gone, direct]
            .iter()
            .any(|room| found_ids.contains(room))
    );
    let direct = |kind: RoomKind| matches!(kind, RoomKind::Direct(_));
    assert!(!found.iter().any(|room| direct(room.kind)));
}

pub async fn browsing_finds_by_part_of_the_name(store: &Store) {
    let [ana] = store.people().await;
    let word = unique("x");
    let mut rooms = Vec::new();
    for start in [
        "100% ÑANDÚ",
        "100x ñandú",
        "a_b",
        "a%b",
        r"a\b",
        "a*b's",
        "ab",
    ] {
        let called = name(&format!("{start} {word}!"));
        let room = store.room_with(ana, &[], |room| room.name = called.clone());
        rooms.push(room.await.id);
    }
    let [percent, plain, low, rate, slash, star, _] = rooms.clone().try_into().unwrap();

    for (part, expected) in [
        (format!("% ñandú {word}"), vec![percent]),
        (format!("Ñandú {word}"), vec![plain, percent]),
        (format!("A_B {word}"), vec![low]),
        (format!("a%b {word}"), vec![rate]),
        (format!(r"\b {word}"), vec![slash]),
        (format!("*b's {word}"), vec![star]),
        (format!("{word}?"), vec![]),
        (format!("{word}%"), vec![]),
        (word.clone(), rooms.iter().rev().copied().collect()),
    ] {
        let browse_part = Browse {
            user: ana,
            contains: Some(name(&part).key()),
            before: None,
            limit: 100,
        };
        assert_eq!(browse(store, &browse_part).await, expected, "{part}");
    }
}

pub async fn named_is_the_oldest_public_room_of_that_name(store: &Store) {
    let [ana] = store.people().await;
    let wanted = unique("Ñandú ");
    let make = async |moment: i64, called: &str, private: bool| {
        let mut new = new_room(ana);
        new.at = at(moment);
        new.name = name(called);
        new.standing_invite = private.then(code);
        made(store.rooms.create(&new).await.unwrap()).id
    };
    let edit = async |room: RoomId, edit: RoomEdit| {
        store.act(room, ana, vec![Step::Edit(edit)]).await;
    };
    let named = async |text: &str| -> Option<RoomId> {
        let found = store.rooms.named(&name(text)).await.unwrap()?;
        assert_eq!(found, store.present(found.id).await);
        Some(found.id)
    };
    assert_eq!(named(&wanted).await, None);

    make(0, &wanted, true).await;
    make(1, &format!("{wanted}!"), false).await;
    assert_eq!(named(&wanted).await, None);
    let first = make(2, &wanted.to_uppercase(), false).await;
    let second = make(3, &wanted, false).await;
    let third = make(4, &wanted, false).await;
    let fourth = make(5, &wanted.to_lowercase(), false).await;
    for spelling in [wanted.to_uppercase(), wanted.to_lowercase(), wanted.clone()] {
        assert_eq!(named(&spelling).await, Some(first));
    }

    store.delete_room(first, ana).await;
    assert_eq!(named(&wanted).await, Some(second));
    let hide = RoomEdit {
        standing_invite: Edit::Set(code()),
        ..RoomEdit::default()
    };
    edit(second, hide).await;
    assert_eq!(named(&wanted).await, Some(third));
    let other = unique("Other ");
    let rename = RoomEdit {
        name: Some(name(&other)),
        ..RoomEdit::default()
    };
    edit(third, rename).await;
    assert_eq!(named(&wanted).await, Some(fourth));
    assert_eq!(named(&other).await, Some(third));
}

async fn browse(store: &Store, browse: &Browse) -> Vec<RoomId> {
    ids(&store.rooms.browse(browse).await.unwrap())
}
