//! Carrying out the steps of a decision.

use domain::port::rooms::{Act, RoomEdit, Step};
use domain::{Description, Edit, Membership, Role, Room, RoomId, UserId};

use super::scene::name;
use crate::made::{act, rev};
use crate::{CROWD, Store, at, at_once, unique};

pub async fn every_step_gets_the_next_rev(store: &Store) {
    let [ana, ben, cleo, dora, eve] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await;
    let edit = RoomEdit {
        name: Some(name(&unique("new "))),
        description: Edit::Set(Description::parse("new").unwrap()),
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
    assert_eq!(outcome.room.description, edit.description.apply(None));
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
    other_steps_spend_none(store).await;
}

/// And takes two revs.
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

/// When many join at once, each gets one of the next revs.
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

/// Neither those without a rev, nor those that change nothing.
async fn other_steps_spend_none(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.private_room(ana, &[ben]).await;
    let elsewhere = store.private_room(ana, &[]).await.standing_invite.unwrap();
    let same = RoomEdit {
        name: room.name.clone(),
        description: Edit::Clear,
        history: Some(room.history),
        standing_invite: Edit::Keep,
    };
    let give = |user, role| Step::GiveRole { user, role };
    let silence = |user| Step::Silence {
        user,
        until: Some(at(500)),
    };
    let steps = vec![
        Step::Ban { user: ben },
        Step::Ban { user: cleo },
        Step::LiftBan { user: cleo },
        Step::LiftBan { user: ana },
        silence(ben),
        silence(cleo),
        give(ben, Role::Member),
        give(cleo, Role::Admin),
        Step::HandOver { to: ana },
        Step::SpendInvite,
        Step::Edit(same),
        Step::Edit(RoomEdit::default()),
    ];
    let before = store.standing(room.id).await;
    let shown = Act {
        invite: Some(elsewhere.clone()),
        at: at(70),
        ..act(room.id, ana)
    };
    let outcome = store.carry_out(&shown, steps).await;
    assert_eq!(outcome.room, before.room);
    assert_eq!(outcome.members, []);
    assert!(!outcome.room_changed);

    let after = store.standing(room.id).await;
    assert_eq!(after.room, before.room);
    assert_eq!(after.invites, before.invites);
    let banned: Vec<UserId> = after.bans.iter().map(|ban| ban.user).collect();
    assert_eq!(banned, [ben]);
    let [owner, member] = before.members.try_into().unwrap();
    let silenced = Membership {
        silenced_until: Some(at(500)),
        ..member
    };
    assert_eq!(after.members, [owner, silenced]);
    let untouched = store.invites.find(&elsewhere).await.unwrap();
    assert_eq!(untouched.map(|invite| invite.uses), Some(0));
}
