//! Deciding on acts and carrying them out.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::port::rooms::{Act, Decided, Decision, Party, RoomEdit, Scene, Step};
use domain::{Description, Refusal, Role, Room, RoomId, UserId};

use super::scene::{code, name};
use crate::made::{act, decision, rev, room_id, seq};
use crate::{CROWD, Store, at, at_once, unique};

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

    // What an invite that is over is worth is for the rule to say.
    let revoke = store.invites.revoke(room.id, &invite, at(8)).await;
    assert!(revoke.unwrap());
    let over = store.scene(&shown).await.invite.unwrap();
    assert_eq!(over.revoked_at, Some(at(8)));

    a_rule_holds_under_the_lock(store).await;
}

/// Of many who come at once while there is room for four, four come in.
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

pub async fn every_step_gets_the_next_rev(store: &Store) {
    let [ana, ben, cleo, dora, eve] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await;
    let edit = RoomEdit {
        name: Some(name(&unique("new "))),
        description: Some(Some(Description::parse("new").unwrap())),
        ..RoomEdit::default()
    };
    let steps = vec![
        Step::Admit { user: dora },
        Step::Admit { user: ben },
        Step::Silence {
            user: ana,
            until: Some(at(500)),
        },
        Step::Edit(edit.clone()),
        Step::Ban { user: eve },
        Step::GiveRole {
            user: ben,
            role: Role::Admin,
        },
        Step::Depart { user: eve },
        Step::GiveRole {
            user: eve,
            role: Role::Admin,
        },
        Step::Depart { user: cleo },
    ];
    let late = Act {
        at: at(70),
        ..act(room.id, ana)
    };
    let outcome = store.carry_out(&late, steps).await;

    let revs: Vec<_> = outcome.members.iter().map(|m| (m.user, m.rev)).collect();
    assert_eq!(revs, [(dora, rev(5)), (ben, rev(7)), (cleo, rev(8))]);
    assert!(outcome.room_changed);
    assert!(!outcome.deleted);
    assert_eq!(outcome.room.name, edit.name);
    assert_eq!(outcome.room.description, edit.description.unwrap());
    assert_eq!(outcome.room.kind, room.kind);
    assert_eq!(outcome.room.history, room.history);
    assert_eq!((outcome.room.rev, outcome.room.last_rev), (rev(6), rev(8)));
    assert_eq!(outcome.room.updated_at, at(70));
    assert_eq!(outcome.room.active_at, room.active_at);
    assert_eq!(outcome.room.member_count, 3);
    assert_eq!(store.present(room.id).await, outcome.room);
    assert_eq!(store.seat(room.id, dora).await, outcome.members[0]);
    assert_eq!(store.seat(room.id, ben).await, outcome.members[1]);
    assert_eq!(outcome.members[1].role, Role::Admin);
    assert_eq!(outcome.members[2].left_at, Some(at(70)));
    let owner = store.seat(room.id, ana).await;
    assert_eq!((owner.rev, owner.silenced_until), (rev(2), Some(at(500))));
    assert_eq!(store.members.bans(room.id).await.unwrap().len(), 1);

    one_who_is_touched_twice_is_told_of_once(store, &outcome.room, cleo).await;
    assert_eq!(store.post(room.id, ana, "hello").await.rev, rev(11));
    crowding_in_leaves_no_hole(store, room.id).await;
}

/// And spends two revs.
async fn one_who_is_touched_twice_is_told_of_once(store: &Store, room: &Room, user: UserId) {
    let role = Role::Admin;
    let steps = vec![Step::Admit { user }, Step::GiveRole { user, role }];
    let outcome = store.act(room.id, user, steps).await;
    assert_eq!(outcome.members, [store.seat(room.id, user).await]);
    assert_eq!(outcome.members[0].role, role);
    assert_eq!(outcome.members[0].rev, room.last_rev.next().next());
    assert!(!outcome.room_changed);
    let expected = Room {
        member_count: room.member_count + 1,
        last_rev: outcome.members[0].rev,
        ..room.clone()
    };
    assert_eq!(outcome.room, expected);
}

/// Many who come at once each get a rev of the next ones.
async fn crowding_in_leaves_no_hole(store: &Store, room: RoomId) {
    let people = store.people::<CROWD>().await;
    let outcomes = at_once(CROWD, |number| {
        let (store, user) = (store.clone(), people[number]);
        async move { store.join(room, user).await }
    })
    .await;
    let mut revs = Vec::new();
    for (outcome, user) in outcomes.iter().zip(people) {
        assert_eq!(outcome.members.len(), 1);
        assert_eq!(outcome.members[0].user, user);
        assert_eq!(outcome.room.last_rev, outcome.members[0].rev);
        revs.push(outcome.members[0].rev.get());
    }
    revs.sort_unstable();
    assert!(revs.into_iter().eq(12..32));
    assert_eq!(store.head(room).await.rev, rev(31));
}
