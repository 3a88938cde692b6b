//! Joining by invite, and being private or public.

use domain::port::rooms::{Act, Decided, RoomEdit, Scene, Step};
use domain::{Edit, Invite, InviteCode, InviteUse, Refusal, Room, RoomKind};

use super::scene::{code, standing};
use crate::made::{act, decision};
use crate::{CROWD, ROUNDS, Store, at, at_once};

pub async fn an_invite_lets_in_as_many_as_it_says(store: &Store) {
    many_come_by_invite(store, 0, 5).await;
    for _ in 0..ROUNDS {
        // The last free slot.
        many_come_by_invite(store, 2, 3).await;
    }
}

async fn many_come_by_invite(store: &Store, before: i64, places: i64) {
    let [ana] = store.people().await;
    let people = store.people::<CROWD>().await;
    let room = store.private_room(ana, &[]).await;
    let invite = Invite {
        max_uses: Some(places),
        uses: before,
        ..standing(room.id, code(), ana, at(0))
    };
    store.invites.create(&invite).await.unwrap();

    let answers = at_once(CROWD, |number| {
        let (store, user, code) = (store.clone(), people[number], invite.code.clone());
        async move {
            let knock = Act {
                invite: Some(code),
                ..act(room.id, user)
            };
            let rule = |scene: &Scene| match &scene.invite {
                Some(invite) if invite.worth(at(1)) == InviteUse::Good => {
                    Ok(decision(vec![Step::Admit { user }, Step::SpendInvite]))
                }
                _ => Err(Refusal::InviteExpired),
            };
            store.rooms.decide(&knock, &rule).await.unwrap()
        }
    })
    .await;

    let refused = Decided::Refused(Refusal::InviteExpired);
    let turned_away = answers.iter().filter(|answer| **answer == refused).count();
    let came = places - before;
    assert_eq!(CROWD - turned_away, usize::try_from(came).unwrap());
    let now = store.present(room.id).await;
    assert_eq!(now.member_count, 1 + came);
    assert_eq!(now.last_rev.get(), room.last_rev.get() + came);
    let spent = find(store, &invite.code).await;
    assert_eq!(
        spent,
        Invite {
            uses: places,
            ..invite
        }
    );

    let untouched = find(store, &room.standing_invite.unwrap()).await;
    assert_eq!(untouched.uses, 0);
}

pub async fn becoming_public_revokes_the_invites(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let other = store.private_room(ana, &[]).await;
    let extra = Invite {
        max_uses: Some(5),
        uses: 2,
        ..standing(room.id, code(), ben, at(3))
    };
    let over = Invite {
        created_at: at(2),
        ..standing(room.id, code(), ben, at(2))
    };
    for invite in [&extra, &over] {
        store.invites.create(invite).await.unwrap();
    }
    let revoke = store.invites.revoke(room.id, &over.code, at(4)).await;
    assert!(revoke.unwrap());
    let before = store.standing(room.id).await;

    let open = Act {
        at: at(40),
        ..act(room.id, ana)
    };
    let outcome = store.carry_out(&open, edit_invite(Edit::Clear)).await;
    assert!(outcome.room_changed);
    assert_eq!(outcome.members, []);
    assert_eq!(outcome.room.kind, RoomKind::Public);
    assert_eq!(outcome.room.standing_invite, None);
    assert_eq!(outcome.room.updated_at, at(40));
    assert_eq!(outcome.room.rev, before.room.last_rev.next());
    assert_eq!(outcome.room.last_rev, outcome.room.rev);
    let after = store.standing(room.id).await;
    assert_eq!(after.room, outcome.room);
    assert_eq!(after.members, before.members);
    assert_eq!(after.invites, []);

    let standing = room.standing_invite.unwrap();
    for (code, revoked) in [(&standing, 40), (&extra.code, 40), (&over.code, 4)] {
        let invite = find(store, code).await;
        assert_eq!(invite.revoked_at, Some(at(revoked)));
        assert_eq!(invite.worth(at(41)), InviteUse::Over);
    }
    assert_eq!(find(store, &extra.code).await.uses, 2);
    let elsewhere = find(store, &other.standing_invite.unwrap()).await;
    assert_eq!(elsewhere.revoked_at, None);

    many_open_and_close(store).await;
}

/// While some open and close a room, others revoke its invites or use them up, without deadlocks.
async fn many_open_and_close(store: &Store) {
    let [ana] = store.people().await;
    let room = store.private_room(ana, &[]).await;
    let before = store.standing(room.id).await;
    let first = room.standing_invite.clone().unwrap();
    at_once(CROWD, |number| {
        let (store, first) = (store.clone(), first.clone());
        async move {
            let store = &store;
            let knock = Act {
                invite: Some(first.clone()),
                ..act(room.id, ana)
            };
            let steps = match number % 4 {
                0 => edit_invite(Edit::Clear),
                1 => edit_invite(Edit::Set(code())),
                2 => vec![Step::SpendInvite],
                _ => {
                    let revoked = store.invites.revoke(room.id, &first, at(1)).await;
                    revoked.unwrap();
                    return;
                }
            };
            store.carry_out(&knock, steps).await;
        }
    })
    .await;

    let now = store.standing(room.id).await;
    let good: Vec<InviteCode> = now.invites.into_iter().map(|it| it.code).collect();
    match now.room.kind {
        RoomKind::Public => assert_eq!((now.room.standing_invite, good), (None, vec![])),
        _ => assert!(
            now.room
                .standing_invite
                .is_none_or(|code| good.contains(&code))
        ),
    }
    assert_eq!(now.members, before.members);
    let spent = i64::try_from(CROWD / 4).unwrap();
    assert_eq!(find(store, &first).await.uses, spent);
}

pub async fn becoming_private_makes_one(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.room(ana, &[ben]).await;
    let before = store.standing(room.id).await;

    let new = code();
    let close = Act {
        at: at(40),
        ..act(room.id, ben)
    };
    let outcome = store
        .carry_out(&close, edit_invite(Edit::Set(new.clone())))
        .await;
    assert!(outcome.room_changed);
    assert_eq!(outcome.members, []);
    assert_eq!(outcome.room.kind, RoomKind::Private);
    assert_eq!(outcome.room.standing_invite, Some(new.clone()));
    assert_eq!(outcome.room.owner, Some(ana));
    assert_eq!(outcome.room.updated_at, at(40));
    assert_eq!(outcome.room.rev, before.room.last_rev.next());
    assert_eq!(outcome.room.last_rev, outcome.room.rev);
    let after = store.standing(room.id).await;
    assert_eq!(after.room, outcome.room);
    assert_eq!(after.members, before.members);
    let made = standing(room.id, new.clone(), ben, at(40));
    assert_eq!(after.invites, [made.clone()]);
    assert_eq!(find(store, &new).await, made);

    // There and back again: the old code stays revoked.
    store.act(room.id, ana, edit_invite(Edit::Clear)).await;
    let newer = code();
    store
        .act(room.id, ana, edit_invite(Edit::Set(newer.clone())))
        .await;
    assert_eq!(find(store, &new).await.worth(at(41)), InviteUse::Over);
    let now = store.standing(room.id).await;
    assert_eq!(now.room.standing_invite, Some(newer.clone()));
    assert_eq!(now.invites, [standing(room.id, newer, ana, at(1))]);
}

pub async fn a_private_room_gets_another_standing_invite(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let extra = standing(room.id, code(), ben, at(3));
    store.invites.create(&extra).await.unwrap();
    let old = room.standing_invite.unwrap();
    let revoke = store.invites.revoke(room.id, &old, at(4)).await;
    assert!(revoke.unwrap());
    let before = store.standing(room.id).await;
    assert_eq!(before.room.standing_invite, None);

    let new = code();
    let give = Act {
        at: at(40),
        ..act(room.id, ben)
    };
    let outcome = store
        .carry_out(&give, edit_invite(Edit::Set(new.clone())))
        .await;
    assert!(outcome.room_changed);
    assert_eq!(outcome.members, []);
    let expected = Room {
        standing_invite: Some(new.clone()),
        updated_at: at(40),
        rev: before.room.last_rev.next(),
        last_rev: before.room.last_rev.next(),
        ..before.room
    };
    assert_eq!(outcome.room, expected);
    let after = store.standing(room.id).await;
    assert_eq!(after.room, expected);
    assert_eq!(after.members, before.members);
    let made = standing(room.id, new, ben, at(40));
    assert_eq!(after.invites, [made, extra]);
    assert_eq!(find(store, &old).await.revoked_at, Some(at(4)));
}

fn edit_invite(standing_invite: Edit<InviteCode>) -> Vec<Step> {
    vec![Step::Edit(RoomEdit {
        standing_invite,
        ..RoomEdit::default()
    })]
}

async fn find(store: &Store, code: &InviteCode) -> Invite {
    store.invites.find(code).await.unwrap().unwrap()
}
