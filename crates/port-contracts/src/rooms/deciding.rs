//! What rules see, and what they leave unchanged.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::Refusal;
use domain::port::rooms::{Act, Decided, Decision, Party, Scene, Step};

use super::scene::code;
use crate::made::{act, decision, room_id, seq};
use crate::{CROWD, Store, at, at_once};

pub async fn a_rule_sees_the_room_as_it_stands(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.private_room(ana, &[ben, cleo]).await;
    let elsewhere = store.private_room(ana, &[]).await;
    let invite = room.standing_invite.clone().unwrap();
    let shut_out = vec![Step::Depart { user: cleo }, Step::Ban { user: cleo }];
    store.act(room.id, ana, shut_out).await;
    store.post(room.id, ben, "hello").await;

    let shown = Act {
        subject: ben,
        invite: Some(invite.clone()),
        ..act(room.id, cleo)
    };
    let scene = store.scene(&shown).await;
    assert_eq!(scene.room, store.present(room.id).await);
    assert_eq!(scene.room.last_seq, seq(1));
    let outside = Party {
        membership: None,
        banned: true,
    };
    assert_eq!(scene.actor, outside);
    let inside = Party {
        membership: Some(store.seat(room.id, ben).await),
        banned: false,
    };
    assert_eq!(scene.subject, inside);
    assert_eq!(scene.invite, store.invites.find(&invite).await.unwrap());
    assert!(scene.invite.is_some());

    let alone = store.scene(&act(room.id, ben)).await;
    assert_eq!((&alone.actor, &alone.subject), (&inside, &inside));
    assert_eq!(alone.invite, None);
    for foreign in [elsewhere.standing_invite.unwrap(), code()] {
        let shown = Act {
            invite: Some(foreign),
            ..act(room.id, cleo)
        };
        assert_eq!(store.scene(&shown).await.invite, None);
    }

    // What an expired or revoked invite is worth is up to the rule.
    let revoke = store.invites.revoke(room.id, &invite, at(8)).await;
    assert!(revoke.unwrap());
    let over = store.scene(&shown).await.invite.unwrap();
    assert_eq!(over.revoked_at, Some(at(8)));

    a_rule_holds_under_the_lock(store).await;
}

/// When a crowd comes at once and the limit leaves room for four, four get in.
async fn a_rule_holds_under_the_lock(store: &Store) {
    let people = store.people::<CROWD>().await;
    let [owner] = store.people().await;
    let room = store.room(owner, &[]).await.id;
    let answers = at_once(CROWD, |number| {
        let (store, user) = (store.clone(), people[number]);
        async move {
            let rule = |scene: &Scene| match scene.room.member_count {
                ..5 => Ok(decision(vec![Step::Admit { user }])),
                _ => Err(Refusal::TooMany("the room is full")),
            };
            store.rooms.decide(&act(room, user), &rule).await.unwrap()
        }
    })
    .await;
    let full = Decided::Refused(Refusal::TooMany("the room is full"));
    let refused = answers.iter().filter(|answer| **answer == full).count();
    assert_eq!(refused, CROWD - 4);
    assert_eq!(store.present(room).await.member_count, 5);
}

pub async fn a_refusal_changes_nothing(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[]).await;
    let before = store.standing(room.id).await;

    let knock = Act {
        invite: room.standing_invite,
        ..act(room.id, ben)
    };
    for refusal in [Refusal::Banned, Refusal::Muted { until: at(9) }] {
        let rule = |_: &_| Err(refusal.clone());
        let decided = store.rooms.decide(&knock, &rule).await.unwrap();
        assert_eq!(decided, Decided::Refused(refusal.clone()));
    }
    assert_eq!(store.standing(room.id).await, before);

    let asked = AtomicBool::new(false);
    let rule = |_: &_| {
        asked.store(true, Ordering::Relaxed);
        Ok(Decision::default())
    };
    let decided = store.rooms.decide(&act(room_id(), ben), &rule).await;
    assert_eq!(decided.unwrap(), Decided::Unknown);
    assert!(!asked.into_inner());
}

pub async fn an_empty_decision_changes_nothing(store: &Store) {
    let [ana, ben] = store.people().await;
    let room = store.private_room(ana, &[ben]).await.id;
    let before = store.standing(room).await;

    let outcome = store.act(room, ana, Vec::new()).await;
    assert_eq!(outcome.room, before.room);
    assert!(!outcome.room_changed);
    assert!(!outcome.deleted);
    assert_eq!(outcome.members, []);
    assert_eq!(store.standing(room).await, before);
    assert_eq!(store.head(room).await.rev, before.room.last_rev);
}
