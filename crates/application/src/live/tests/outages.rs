//! Attendance while backends are away or slow.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::Notice;
use domain::port::{IdsExt as _, Presence as _};
use domain::{ConnectionId, UserId};

use super::attendance::node;
use super::frail::Frail;
use crate::testing::{UsersAway, World};

#[tokio::test]
async fn a_presence_that_is_away_refuses_nobody_and_a_late_renewal_brings_nobody_back() {
    let mut world = World::new();
    let ana = world.user("ana").await;
    let presence = Frail::over(&world.ports.presence);
    world.ports.presence = Arc::<Frail>::clone(&presence);
    let node = node(&world);
    let (stays, goes): (ConnectionId, ConnectionId) =
        (world.ports.ids.next(), world.ports.ids.next());
    presence.set_away(true);
    node.arrive(&ana, stays).await.unwrap();
    node.arrive(&ana, goes).await.unwrap();
    presence.set_away(false);
    let online = async || {
        let online = presence.online(&[ana.user], world.now()).await;
        !online.unwrap().is_empty()
    };
    assert!(!online().await);

    let leaving = async || {
        presence.waiting.acquire().await.unwrap().forget();
        node.leave(ana.user, goes).await;
        presence.through.add_permits(1);
    };
    futures::join!(node.renew(), leaving());
    assert!(online().await);

    // The one that closed while it was renewed is not kept up by that.
    presence.through.add_permits(1);
    node.leave(ana.user, stays).await;
    world.pass(Duration::from_secs(10));
    assert!(!online().await);
}

#[tokio::test]
async fn what_cannot_be_told_yet_is_told_later_if_it_is_still_true() {
    let mut world = World::new();
    let (ana, ben) = (world.user("ana").await, world.user("ben").await);
    world.room(&ana).await;
    world.room(&ben).await;
    let users = std::mem::replace(&mut world.ports.users, Arc::new(UsersAway));
    let mut node = node(&world);
    let mut ear = world.ear().await;
    for who in [ana, ben] {
        let connection = world.ports.ids.next();
        node.arrive(&who, connection).await.unwrap();
        node.leave(who.user, connection).await;
    }
    world.pass(Duration::from_secs(10));
    for _ in 0..3 {
        node.sweep().await;
        assert_eq!(ear.heard(), []);
    }
    node.arrive(&ben, world.ports.ids.next()).await.unwrap();

    node.users = users;
    node.sweep().await;
    let told: Vec<_> = ear.heard().iter().map(presence).collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(ana.user, false)));
    assert!(told.contains(&(ben.user, true)));
}

fn presence(notice: &Notice) -> (UserId, bool) {
    let Notice::Presence { user, online, .. } = notice else {
        panic!("{notice:?}");
    };
    (*user, *online)
}
