//! Obligations of [`domain::port::Invites`].

use domain::{Invite, InviteCode, RoomId, Timestamp, UserId};

use crate::made::room_id;
use crate::{CROWD, Store, at, at_once, fresh};

contract!(invites {
    an_invite_is_found_by_its_code,
    invites_are_listed_newest_first,
    a_revoked_invite_is_over,
    revoking_the_standing_invite_leaves_the_room_without_one,
});

pub async fn an_invite_is_found_by_its_code(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let plain = invite(room.id, ana, 5);
    let bounded = Invite {
        expires_at: Some(at(60)),
        max_uses: Some(3),
        uses: 1,
        ..invite(room.id, ben, 6)
    };
    let expired = Invite {
        expires_at: Some(at(8)),
        ..invite(room.id, ana, 7)
    };
    let used_up = Invite {
        max_uses: Some(1),
        uses: 1,
        ..invite(room.id, ana, 8)
    };
    let all = [plain.clone(), bounded, expired, used_up];
    for invite in &all {
        store.invites.create(invite).await.unwrap();
    }
    for invite in &all {
        assert_eq!(find(store, &invite.code).await.as_ref(), Some(invite));
    }
    store
        .invites
        .revoke(room.id, &plain.code, at(9))
        .await
        .unwrap();
    let revoked = Invite {
        revoked_at: Some(at(9)),
        ..plain
    };
    assert_eq!(find(store, &revoked.code).await, Some(revoked));
    assert_eq!(find(store, &code()).await, None);

    store.delete_room(room.id, ana).await;
    for invite in &all {
        assert_eq!(find(store, &invite.code).await, None);
    }
}

pub async fn invites_are_listed_newest_first(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let other = store.private_room(ana, &[]).await;
    let oldest = invite(room.id, ana, -5);
    let newest = invite(room.id, ben, 30);
    let expiring = Invite {
        expires_at: Some(at(50)),
        ..invite(room.id, ana, 10)
    };
    let bounded = Invite {
        max_uses: Some(3),
        uses: 2,
        ..invite(room.id, ben, 20)
    };
    let used_up = Invite {
        max_uses: Some(3),
        uses: 3,
        ..invite(room.id, ben, 25)
    };
    let revoked = invite(room.id, ben, 26);
    let elsewhere = invite(other.id, ana, 27);
    for invite in [
        &bounded, &newest, &elsewhere, &oldest, &revoked, &used_up, &expiring,
    ] {
        store.invites.create(invite).await.unwrap();
    }
    let revoke = store.invites.revoke(room.id, &revoked.code, at(27)).await;
    assert!(revoke.unwrap());

    let code = room.standing_invite.unwrap();
    let standing = find(store, &code).await.unwrap();
    let good = [newest, bounded, expiring, standing, oldest];
    assert_eq!(listed(store, room.id, at(49)).await, good);
    // It is last valid one moment before it expires.
    let [newest, bounded, _, standing, oldest] = good;
    let rest = [newest, bounded, standing, oldest];
    assert_eq!(listed(store, room.id, at(50)).await, rest);
    assert_eq!(listed(store, room_id(), at(0)).await, []);
}

pub async fn a_revoked_invite_is_over(store: &Store) {
    let [ana] = store.people().await;
    let room = store.private_room(ana, &[]).await;
    let other = store.private_room(ana, &[]).await;
    let made = invite(room.id, ana, 5);
    let expired = Invite {
        expires_at: Some(at(9)),
        ..invite(room.id, ana, 6)
    };
    let used_up = Invite {
        max_uses: Some(2),
        uses: 2,
        ..invite(room.id, ana, 7)
    };
    for invite in [&made, &expired, &used_up] {
        store.invites.create(invite).await.unwrap();
    }

    for (place, code) in [
        (other.id, &made.code),
        (room_id(), &made.code),
        (room.id, &expired.code),
        (room.id, &used_up.code),
        (room.id, &code()),
    ] {
        let revoked = store.invites.revoke(place, code, at(9)).await;
        assert!(!revoked.unwrap());
    }
    for invite in [&made, &expired, &used_up] {
        assert_eq!(find(store, &invite.code).await.as_ref(), Some(invite));
    }

    let answers = at_once(CROWD, |_| {
        let (store, code) = (store.clone(), made.code.clone());
        async move {
            let invites = &store.invites;
            invites.revoke(room.id, &code, at(10)).await.unwrap()
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|revoked| **revoked).count(), 1);
    let again = store.invites.revoke(room.id, &made.code, at(11)).await;
    assert!(!again.unwrap());
    let over = Invite {
        revoked_at: Some(at(10)),
        ..made
    };
    assert_eq!(find(store, &over.code).await, Some(over));

    let present = store.present(room.id).await;
    assert_eq!(present.standing_invite, room.standing_invite);
    assert_eq!(listed(store, room.id, at(11)).await.len(), 1);
}

pub async fn revoking_the_standing_invite_leaves_the_room_without_one(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let other = store.private_room(ana, &[]).await;
    let extra = invite(room.id, ana, 5);
    store.invites.create(&extra).await.unwrap();

    let code = room.standing_invite.clone().unwrap();
    let revoked = store.invites.revoke(room.id, &code, at(10)).await;
    assert!(revoked.unwrap());
    let expected = domain::Room {
        standing_invite: None,
        ..room
    };
    assert_eq!(store.present(expected.id).await, expected);
    let over = find(store, &code).await.unwrap();
    assert_eq!(over.revoked_at, Some(at(10)));
    assert_eq!(listed(store, expected.id, at(11)).await, [extra]);
    assert_eq!(store.present(other.id).await, other);
    let again = store.invites.revoke(expected.id, &code, at(12)).await;
    assert!(!again.unwrap());
}

fn code() -> InviteCode {
    InviteCode::from_bits(fresh::<RoomId>().as_uuid().into_bytes())
}

/// An invite that does not expire.
fn invite(room: RoomId, by: UserId, moment: i64) -> Invite {
    Invite {
        code: code(),
        room,
        created_by: by,
        created_at: at(moment),
        expires_at: None,
        max_uses: None,
        uses: 0,
        revoked_at: None,
    }
}

async fn find(store: &Store, code: &InviteCode) -> Option<Invite> {
    store.invites.find(code).await.unwrap()
}

async fn listed(store: &Store, room: RoomId, now: Timestamp) -> Vec<Invite> {
    store.invites.of_room(room, now).await.unwrap()
}
