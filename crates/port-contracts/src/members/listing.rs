//! Members, bans, and notification settings.

use domain::port::members::Ban;
use domain::port::rooms::{Act, Step};
use domain::{Membership, Notifications, Role, RoomId, UserId, Username};

use crate::made::{act, room_id};
use crate::{Store, at, fresh};

pub async fn members_are_listed_by_id(store: &Store) {
    let mut people = store.people::<7>().await;
    let [ana, ben, cleo, dora, eve, fay, _stranger] = people;
    // Neither the order of joining nor that of the roles.
    let room = store.room(dora, &[fay, ana]).await.id;
    for user in [eve, cleo, ben] {
        store.join(room, user).await;
    }
    store.leave(room, cleo).await;
    store.leave(room, eve).await;
    store.join(room, eve).await;

    people.sort_unstable();
    let belong: Vec<UserId> = people
        .into_iter()
        .filter(|user| [ana, ben, dora, eve, fay].contains(user))
        .collect();
    let all = store.members.page(room, None, 100).await.unwrap();
    assert_eq!(users(&all), belong);
    for membership in &all {
        assert_eq!(*membership, store.seat(room, membership.user).await);
        let owns = membership.user == dora;
        assert_eq!(membership.role == Role::Owner, owns);
    }

    let mut paged = Vec::new();
    for expected in [2, 2, 1, 0] {
        let after = paged.last().map(|member: &Membership| member.user);
        let page = store.members.page(room, after, 2).await.unwrap();
        assert_eq!(page.len(), expected);
        paged.extend(page);
    }
    assert_eq!(paged, all);

    // A page may begin after a member who has left since.
    let rest = store.members.page(room, Some(cleo), 100).await.unwrap();
    assert_eq!(users(&rest), [dora, eve, fay]);
    let nobody = store.members.page(room_id(), None, 100).await.unwrap();
    assert_eq!(nobody, []);
}

pub async fn rosters_name_the_first_members(store: &Store) {
    let mut people = store.people::<4>().await;
    let [ana, ben, cleo, dora] = people;
    let great = store.room(dora, &[ben, cleo, ana]).await.id;
    let small = store.room(cleo, &[ana]).await.id;
    store.leave(small, ana).await;
    let deleted = store.room(ana, &[]).await.id;
    store.leave(deleted, ana).await;

    let asked = [small, room_id(), great, deleted];
    let mut rosters = store.members.rosters(&asked, 3).await.unwrap();
    people.sort_unstable();
    let mut expected = vec![(small, vec![cleo]), (great, people[..3].to_vec())];
    rosters.sort_unstable();
    expected.sort_unstable();
    assert_eq!(rosters, expected);
    assert_eq!(store.members.rosters(&[], 3).await.unwrap(), []);
}

pub async fn find_leaves_out_who_does_not_belong(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let other = store.room(dora, &[ben]).await.id;
    store.leave(room, cleo).await;

    let asked = [dora, ben, cleo, fresh(), ana];
    let mut found = store.members.find(room, &asked).await.unwrap();
    found.sort_by_key(|member| member.user);
    let expected = [store.seat(room, ana).await, store.seat(room, ben).await];
    assert_eq!(found, expected);
    let elsewhere = store.members.find(other, &[ana, ben]).await.unwrap();
    assert_eq!(elsewhere, [store.seat(other, ben).await]);
    assert_eq!(store.members.find(room, &[]).await.unwrap(), []);
    assert_eq!(store.members.find(room_id(), &asked).await.unwrap(), []);
}

pub async fn find_ever_tells_how_somebody_left(store: &Store) {
    let [ana, ben, cleo, dora] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let before = store.seat(room, cleo).await;
    store.leave(room, cleo).await;

    let asked = [dora, cleo, fresh(), ana];
    let found = store.members.find_ever(room, &asked).await.unwrap();
    let [left, stays] = &*found else {
        panic!("{found:?}");
    };
    assert_eq!(*stays, store.seat(room, ana).await);
    assert_eq!((left.user, left.joined_at), (cleo, before.joined_at));
    assert!(left.left_at.is_some() && left.rev > before.rev, "{left:?}");

    store.delete_room(room, ana).await;
    for room in [room, room_id()] {
        assert_eq!(store.members.find_ever(room, &asked).await.unwrap(), []);
    }
}

pub async fn members_are_found_by_username(store: &Store) {
    let people = [
        store.user().await,
        store.user().await,
        store.user().await,
        store.user().await,
    ];
    let [ana, ben, cleo, dora] = people.each_ref().map(|user| user.id);
    let [anas, bens, cleos, doras] = people.map(|user| user.username);
    let room = store.room(ana, &[ben, cleo]).await.id;
    store.room(dora, &[ana]).await;
    store.leave(room, cleo).await;

    let shouted = Username::parse(bens.as_str().to_uppercase()).unwrap();
    let unknown = Username::parse("nobody-at-all").unwrap();
    let names = [shouted, doras, unknown, cleos, anas.clone()];
    let found = store.members.named(room, &names).await.unwrap();
    assert_eq!(found, [ben, ana]);
    assert_eq!(store.members.named(room, &[]).await.unwrap(), []);
    assert_eq!(store.members.named(room_id(), &[anas]).await.unwrap(), []);

    // The name that counts is the current one.
    store.users.erase(ben, at(9)).await.unwrap();
    assert_eq!(store.members.named(room, &[bens]).await.unwrap(), []);
}

pub async fn bans_are_listed_newest_first(store: &Store) {
    let [ana, ben, cleo, dora, eve] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let ban = async |by: UserId, user: UserId, moment: i64, steps: Vec<Step>| {
        let act = Act {
            subject: user,
            at: at(moment),
            ..act(room, by)
        };
        store.carry_out(&act, steps).await
    };
    ban(ana, eve, 20, vec![Step::Ban { user: eve }]).await;
    let removed = vec![Step::Depart { user: cleo }, Step::Ban { user: cleo }];
    ban(ben, cleo, 10, removed).await;
    ban(ana, dora, 30, vec![Step::Ban { user: dora }]).await;

    let listed = |user: UserId, moment: i64, by: UserId| Ban {
        user,
        at: at(moment),
        by,
    };
    let [doras, eves, cleos] = [
        listed(dora, 30, ana),
        listed(eve, 20, ana),
        listed(cleo, 10, ben),
    ];
    assert_eq!(bans(store, room).await, [doras, eves, cleos]);

    // Already banned: the first ban's time stands.
    let again = ban(ben, eve, 40, vec![Step::Ban { user: eve }]).await;
    assert_eq!(again.members, []);
    assert_eq!(bans(store, room).await, [doras, eves, cleos]);

    ban(ana, eve, 50, vec![Step::LiftBan { user: eve }]).await;
    assert_eq!(bans(store, room).await, [doras, cleos]);
    ban(ben, eve, 60, vec![Step::Ban { user: eve }]).await;
    let eves = listed(eve, 60, ben);
    assert_eq!(bans(store, room).await, [eves, doras, cleos]);

    let other = store.room(ana, &[]).await.id;
    assert_eq!(bans(store, other).await, []);
}

pub async fn notifications_are_the_members_own(store: &Store) {
    let [ana, ben, cleo] = store.people().await;
    let room = store.room(ana, &[ben, cleo]).await.id;
    let other = store.room(ana, &[ben]).await.id;
    store.leave(room, cleo).await;
    let before = store.present(room).await;
    let elsewhere = store.seat(other, ben).await;
    let (anas, bens) = (store.seat(room, ana).await, store.seat(room, ben).await);
    assert_eq!(bens.notifications, Notifications::On);

    let for_a_while = Notifications::Muted {
        until: Some(at(99)),
    };
    let for_good = Notifications::Muted { until: None };
    for notifications in [for_a_while, for_good, Notifications::On, for_a_while] {
        let noted = store.members.notify(room, ben, notifications).await;
        assert!(noted.unwrap());
        let expected = Membership {
            notifications,
            ..bens.clone()
        };
        assert_eq!(store.seat(room, ben).await, expected);
        let found = store.members.find(room, &[ben]).await.unwrap();
        assert_eq!(found, [expected]);
    }
    assert_eq!(store.seat(room, ana).await, anas);
    assert_eq!(store.seat(other, ben).await, elsewhere);
    assert_eq!(store.present(room).await, before);

    for (place, user) in [(room, cleo), (room, fresh()), (room_id(), ben)] {
        let noted = store.members.notify(place, user, for_good).await;
        assert!(!noted.unwrap());
    }
    let role = Role::Admin;
    let promote = vec![Step::GiveRole { user: ben, role }];
    let outcome = store.act(room, ana, promote).await;
    assert_eq!(outcome.members[0].notifications, for_a_while);
}

async fn bans(store: &Store, room: RoomId) -> Vec<Ban> {
    store.members.bans(room).await.unwrap()
}

fn users(members: &[Membership]) -> Vec<UserId> {
    members.iter().map(|member| member.user).collect()
}
