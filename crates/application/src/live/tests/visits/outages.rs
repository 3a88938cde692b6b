//! Visits while the presence of all nodes is away or slow.

use std::sync::Arc;
use std::time::Duration;

use domain::port::presence::Subject;
use domain::port::{IdsExt as _, Presence as _};
use domain::{ConnectionId, RoomId};

use super::super::super::{Attendance, Visits};
use super::super::frail::Frail;
use super::scene::Said;
use crate::Caller;
use crate::testing::{Ear, World};

/// Ana and her room, and a node whose presence is frail.
struct Scene {
    world: World,
    presence: Arc<Frail>,
    visits: Arc<Visits>,
    node: Attendance,
    ana: Caller,
    room: RoomId,
    ear: Ear,
}

impl Scene {
    async fn new() -> Self {
        let mut world = World::new();
        let ana = world.user("ana").await;
        let presence = Frail::over(&world.ports.presence);
        world.ports.presence = Arc::<Frail>::clone(&presence);
        let visits = Arc::new(Visits::new(&world.ports));
        Self {
            room: world.room(&ana).await.id,
            node: Attendance::new(&world.ports, &visits),
            ear: world.ear().await,
            presence,
            visits,
            ana,
            world,
        }
    }

    async fn enter(&self) -> ConnectionId {
        let connection = self.world.ports.ids.next();
        self.visits.enter(&self.ana, self.room, connection).await;
        connection
    }

    async fn leave(&self, connection: ConnectionId) {
        let user = self.ana.user;
        self.visits.leave(user, self.room, connection).await;
    }

    /// Renews while something else is done.
    async fn renew_while(&self, act: impl AsyncFnOnce()) {
        let acting = async {
            self.presence.waiting.acquire().await.unwrap().forget();
            act().await;
            self.presence.through.add_permits(1);
        };
        futures::join!(self.visits.renew(), acting);
    }

    async fn is_held(&self) -> bool {
        let visit = [Subject::Visit {
            room: self.room,
            user: self.ana.user,
        }];
        let here = self.presence.here(&visit, self.world.now()).await;
        here.unwrap() == visit
    }

    fn told(&mut self) -> Vec<Said> {
        let said = |notice| Said::of((self.room, self.ana.user), &notice);
        self.ear.heard().into_iter().map(said).collect()
    }
}

#[tokio::test]
async fn while_presence_is_away_a_node_tells_what_it_knows_itself() {
    let mut scene = Scene::new().await;
    scene.presence.set_away(true);
    let phone = scene.enter().await;
    let tab = scene.enter().await;
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(phone).await;
    assert_eq!(scene.told(), []);
    scene.leave(tab).await;
    assert_eq!(scene.told(), [Said::Out]);
    scene.node.renew().await;
    scene.node.sweep().await;
    assert_eq!(scene.told(), []);
}

#[tokio::test]
async fn a_renewal_makes_up_for_what_was_missed() {
    let mut scene = Scene::new().await;
    scene.presence.set_away(true);
    let phone = scene.enter().await;
    assert_eq!(scene.told(), [Said::In]);
    scene.presence.set_away(false);
    assert!(!scene.is_held().await);
    scene.renew_while(async || ()).await;
    assert!(scene.is_held().await);
    // From now on she is known wherever she comes by.
    scene.enter().await;
    scene.leave(phone).await;
    assert_eq!(scene.told(), []);
}

#[tokio::test]
async fn who_leaves_amid_a_renewal_is_told_of_once_and_not_kept_up_by_it() {
    let mut scene = Scene::new().await;
    let phone = scene.enter().await;
    assert_eq!(scene.told(), [Said::In]);
    scene.renew_while(async || scene.leave(phone).await).await;
    assert!(!scene.is_held().await);
    assert_eq!(scene.told(), [Said::Out]);
    scene.world.pass(Duration::from_mins(1));
    scene.node.sweep().await;
    assert_eq!(scene.told(), []);
}

#[tokio::test]
async fn who_comes_back_amid_a_renewal_stays() {
    let mut scene = Scene::new().await;
    let phone = scene.enter().await;
    let (visits, ana, room) = (&scene.visits, scene.ana, scene.room);
    scene
        .renew_while(async || {
            scene.leave(phone).await;
            visits.enter(&ana, room, phone).await;
        })
        .await;
    assert!(scene.is_held().await);
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(phone).await;
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn whose_leaving_could_not_be_told_is_not_told_to_have_left_once_they_are_back() {
    let mut scene = Scene::new().await;
    scene.enter().await;
    assert_eq!(scene.told(), [Said::In]);
    // A sweep has named her, and the presence store went away before it was announced.
    scene.world.pass(Duration::from_mins(1));
    scene.presence.sweep(scene.world.now()).await.unwrap();
    scene.visits.lapsed(scene.room, scene.ana.user);
    scene.presence.set_away(true);
    for _ in 0..3 {
        scene.node.sweep().await;
        assert_eq!(scene.told(), []);
    }
    scene.presence.set_away(false);
    scene.renew_while(async || ()).await;
    scene.node.sweep().await;
    assert_eq!(scene.told(), []);
}

#[tokio::test]
async fn whose_leaving_could_not_be_told_is_told_to_have_left_later() {
    let mut scene = Scene::new().await;
    scene.visits.lapsed(scene.room, scene.ana.user);
    scene.presence.set_away(true);
    scene.node.sweep().await;
    assert_eq!(scene.told(), []);
    scene.presence.set_away(false);
    for told in [vec![Said::Out], vec![]] {
        scene.node.sweep().await;
        assert_eq!(scene.told(), told);
    }
}

#[tokio::test]
async fn a_node_that_closes_amid_a_renewal_leaves_nothing_behind() {
    let mut scene = Scene::new().await;
    let phone = scene.enter().await;
    scene.enter().await;
    assert_eq!(scene.told(), [Said::In]);
    let renewing = async {
        // The future was dropped half way, as when the node stops.
        tokio::select! {
            () = scene.visits.renew() => panic!("it was not let through"),
            () = async {
                scene.presence.waiting.acquire().await.unwrap().forget();
                scene.leave(phone).await;
            } => (),
        }
    };
    renewing.await;
    scene.node.close().await;
    assert!(!scene.is_held().await);
    assert_eq!(scene.told(), [Said::Out]);
}
