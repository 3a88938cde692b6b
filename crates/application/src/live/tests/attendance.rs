//! Attendance: who is connected, and what is announced about it.

use std::sync::Arc;
use std::time::Duration;

use domain::port::IdsExt as _;
use domain::port::bus::Notice;
use domain::{ConnectionId, Refusal, RoomId, Timestamp, UserId};

use super::super::{Attendance, RENEW_EVERY, Visits};
use crate::Caller;
use crate::testing::{Ear, World, refusal};

const GRACE: Duration = Duration::from_secs(10);

/// One more node of a world.
pub(super) fn node(world: &World) -> Attendance {
    let visits = Arc::new(Visits::new(&world.ports));
    Attendance::new(&world.ports, &visits)
}

/// Ana, in a room with Ben, on a node.
struct Scene {
    world: World,
    node: Attendance,
    ana: Caller,
    room: RoomId,
    ear: Ear,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new();
        let ana = world.user("ana").await;
        let ben = world.user("ben").await;
        let room = world.room(&ana).await.id;
        world.join(room, &ben).await;
        Self {
            node: node(&world),
            ear: world.ear().await,
            world,
            ana,
            room,
        }
    }

    async fn arrive(&self) -> ConnectionId {
        let connection = self.world.ports.ids.next();
        self.node.arrive(&self.ana, connection).await.unwrap();
        connection
    }

    async fn leave(&self, connection: ConnectionId) {
        self.node.leave(self.ana.user, connection).await;
    }

    async fn is_online(&self) -> bool {
        let presence = &self.world.ports.presence;
        let online = presence.online(&[self.ana.user], self.world.now()).await;
        !online.unwrap().is_empty()
    }

    async fn last_seen(&self) -> Option<Timestamp> {
        self.world.account(&self.ana).await.user.last_seen_at
    }

    /// What a sweep announces.
    async fn swept(&mut self) -> Vec<Notice> {
        self.node.sweep().await;
        self.ear.heard()
    }

    fn here(&self) -> Notice {
        Notice::Presence {
            user: self.ana.user,
            last_seen: None,
            online: true,
            rooms: vec![self.room],
        }
    }

    fn gone(&self, at: Timestamp) -> Notice {
        Notice::Presence {
            user: self.ana.user,
            last_seen: Some(at),
            online: false,
            rooms: vec![self.room],
        }
    }
}

#[tokio::test]
async fn who_comes_and_goes_is_told_once() {
    let mut scene = Scene::new().await;
    let (phone, laptop) = (scene.arrive().await, scene.arrive().await);
    assert!(scene.is_online().await);
    assert_eq!(scene.swept().await, [scene.here()]);
    assert_eq!(scene.swept().await, []);

    scene.leave(phone).await;
    scene.world.pass(GRACE);
    assert_eq!(scene.swept().await, []);
    assert_eq!(scene.last_seen().await, None);

    let left = scene.world.now();
    scene.leave(laptop).await;
    assert!(scene.is_online().await);
    scene.world.pass(GRACE);
    assert!(!scene.is_online().await);
    assert_eq!(scene.swept().await, [scene.gone(left)]);
    assert_eq!(scene.last_seen().await, Some(left));
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn when_somebody_was_last_seen_is_known_before_they_are_offline() {
    let mut scene = Scene::new().await;
    let (phone, laptop) = (scene.arrive().await, scene.arrive().await);
    scene.swept().await;
    scene.leave(phone).await;
    scene.world.pass(GRACE / 2);
    scene.swept().await;
    assert_eq!(scene.last_seen().await, None);

    let left = scene.world.now();
    scene.leave(laptop).await;
    scene.world.pass(GRACE / 2);
    assert_eq!(scene.swept().await, []);
    assert!(scene.is_online().await);
    assert_eq!(scene.last_seen().await, Some(left));
}

#[tokio::test]
async fn a_reload_is_not_a_blink() {
    let mut scene = Scene::new().await;
    let connection = scene.arrive().await;
    scene.swept().await;
    scene.leave(connection).await;
    scene
        .world
        .pass(GRACE.saturating_sub(Duration::from_millis(1)));
    scene.arrive().await;
    scene.world.pass(GRACE);
    assert_eq!(scene.swept().await, []);
    assert!(scene.is_online().await);
}

#[tokio::test]
async fn whoever_is_back_by_then_is_not_said_to_be_gone() {
    let mut scene = Scene::new().await;
    let connection = scene.arrive().await;
    scene.leave(connection).await;
    scene.world.pass(GRACE);
    // They came and went before anything was announced, and are here now.
    scene.arrive().await;
    assert_eq!(scene.swept().await, [scene.here()]);
    assert_eq!(scene.last_seen().await, None);
}

#[tokio::test]
async fn nobody_is_told_of_people_without_small_rooms() {
    let mut scene = Scene::new().await;
    let hermit = scene.world.user("hermit").await;
    let connection = scene.world.ports.ids.next();
    scene.node.arrive(&hermit, connection).await.unwrap();
    let crowded = scene.world.room(&hermit).await.id;
    for number in 0..500 {
        let name = format!("one{number}");
        let one = scene.world.user_of_crowd(&name).await;
        scene.world.join(crowded, &one).await;
    }
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn connections_last_as_long_as_their_node_says_so() {
    let mut scene = Scene::new().await;
    let connection = scene.arrive().await;
    scene.swept().await;
    for _ in 0..10 {
        scene.world.pass(RENEW_EVERY);
        scene.node.renew().await;
    }
    assert_eq!(scene.swept().await, []);
    assert!(scene.is_online().await);
    // From now on the node is dead.
    scene.world.pass(Duration::from_secs(59));
    let seen = scene.world.now() - GRACE;
    assert_eq!(scene.swept().await, [scene.gone(seen)]);
    // What is renewed after all counts again.
    scene.node.renew().await;
    assert!(scene.is_online().await);
    scene.leave(connection).await;
    scene.node.renew().await;
    scene.world.pass(GRACE);
    assert!(!scene.is_online().await);
}

#[tokio::test]
async fn a_person_has_twenty_connections_on_all_nodes() {
    let scene = Scene::new().await;
    let other = node(&scene.world);
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(scene.arrive().await);
        let elsewhere = scene.world.ports.ids.next();
        other.arrive(&scene.ana, elsewhere).await.unwrap();
    }
    for _ in 0..3 {
        let more = scene.world.ports.ids.next();
        let answer = scene.node.arrive(&scene.ana, more).await;
        assert!(matches!(refusal(answer), Refusal::TooMany(_)));
    }
    // Other users are not affected, and closing one connection makes room for another.
    let ben = scene.world.user("another").await;
    let connection = scene.world.ports.ids.next();
    scene.node.arrive(&ben, connection).await.unwrap();
    scene.leave(open.remove(0)).await;
    scene.arrive().await;
    let more = scene.world.ports.ids.next();
    assert!(scene.node.arrive(&scene.ana, more).await.is_err());
}

#[tokio::test]
async fn what_was_refused_does_not_count() {
    let scene = Scene::new().await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(scene.arrive().await);
    }
    let more = scene.world.ports.ids.next();
    assert!(scene.node.arrive(&scene.ana, more).await.is_err());
    for connection in open {
        scene.leave(connection).await;
    }
    scene.node.renew().await;
    scene.world.pass(GRACE);
    assert!(!scene.is_online().await);
}

#[tokio::test]
async fn a_node_that_closes_leaves_its_people_a_moment_to_come_back() {
    let mut scene = Scene::new().await;
    for _ in 0..3 {
        scene.arrive().await;
    }
    scene.swept().await;
    scene.node.close().await;
    let closed = scene.world.now();
    assert!(scene.is_online().await);
    assert_eq!(scene.last_seen().await, Some(closed));
    scene.node.renew().await;
    scene.world.pass(GRACE);
    let other = node(&scene.world);
    other.sweep().await;
    assert_eq!(scene.ear.heard(), [scene.gone(closed)]);
}

#[tokio::test]
async fn a_crowd_is_told_of_bit_by_bit() {
    let mut scene = Scene::new().await;
    let mut expected = Vec::new();
    for number in 0..1_100 {
        let one = scene.world.user_of_crowd(&format!("one{number}")).await;
        let room = scene.world.room(&one).await.id;
        let connection = scene.world.ports.ids.next();
        scene.node.arrive(&one, connection).await.unwrap();
        expected.push((one.user, vec![room]));
    }
    let mut told = Vec::new();
    for all in [1_000, 1_100, 1_100] {
        scene.node.sweep().await;
        while told.len() < all {
            // The task's cooperative budget runs out after about a hundred notices.
            tokio::task::yield_now().await;
            told.extend(scene.ear.heard().into_iter().map(place));
        }
        assert_eq!(told.len(), all);
    }
    told.sort_unstable();
    expected.sort_unstable();
    assert!(told == expected);
}

fn place(notice: Notice) -> (UserId, Vec<RoomId>) {
    let Notice::Presence { user, rooms, .. } = notice else {
        panic!("{notice:?}");
    };
    (user, rooms)
}
