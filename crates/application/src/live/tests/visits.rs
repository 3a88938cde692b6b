//! Who listens to which room, and who is told of it, on two nodes.

use std::sync::Arc;
use std::time::Duration;

use domain::port::IdsExt as _;
use domain::port::bus::{Heard, Notice};
use domain::port::presence::Subject;
use domain::{ConnectionId, RoomId, UserId};

use super::super::RENEW_EVERY;
use crate::testing::{Ear, World};
use crate::{Caller, UseCases};

/// As long as a node's leases count without its saying anything, and more.
const DEAD: Duration = Duration::from_secs(46);

/// What is told of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    In,
    Out,
}

impl Said {
    /// What a notice says that must be of this visit.
    pub(super) fn of(visit: (RoomId, UserId), notice: &Notice) -> Self {
        match notice {
            Notice::Visit { room, user, on } => {
                assert_eq!((*room, *user), visit);
                if *on { Self::In } else { Self::Out }
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Ana and her room, and two nodes that share everything.
struct Scene {
    world: World,
    here: UseCases,
    there: UseCases,
    ana: Caller,
    room: RoomId,
    ear: Ear,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new();
        let ana = world.user("ana").await;
        Self {
            room: world.room(&ana).await.id,
            here: UseCases::new(&world.ports, &world.policy),
            there: UseCases::new(&world.ports, &world.policy),
            ear: world.ear().await,
            ana,
            world,
        }
    }

    /// Ana listens by one more connection.
    async fn enter(&self, node: &UseCases) -> ConnectionId {
        let connection = self.world.ports.ids.next();
        node.visits.enter(&self.ana, self.room, connection).await;
        connection
    }

    async fn leave(&self, node: &UseCases, connection: ConnectionId) {
        let user = self.ana.user;
        node.visits.leave(user, self.room, connection).await;
    }

    /// What was told of Ana since the last time. All nodes hear it.
    fn told(&mut self) -> Vec<Said> {
        let heard = self.ear.heard();
        for notice in &heard {
            let heard = Heard::Notice(Arc::new(notice.clone()));
            self.here.hear(&heard);
            self.there.hear(&heard);
        }
        let said = |notice| Said::of((self.room, self.ana.user), &notice);
        heard.into_iter().map(said).collect()
    }

    /// What both nodes' sweeps tell.
    async fn swept(&mut self) -> Vec<Said> {
        self.here.attendance.sweep().await;
        self.there.attendance.sweep().await;
        self.told()
    }

    async fn is_held(&self) -> bool {
        let visit = [Subject::Visit {
            room: self.room,
            user: self.ana.user,
        }];
        let presence = &self.world.ports.presence;
        presence.here(&visit, self.world.now()).await.unwrap() == visit
    }
}

#[tokio::test]
async fn the_first_connection_in_and_the_last_one_out_are_told_over_all_nodes() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    let tab = scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), []);

    scene.leave(&scene.here, phone).await;
    scene.leave(&scene.here, tab).await;
    assert_eq!(scene.swept().await, []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn the_same_connection_again_tells_nothing_and_leaves_once() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    for _ in 0..2 {
        let visits = &scene.here.visits;
        visits.enter(&scene.ana, scene.room, phone).await;
    }
    assert_eq!(scene.told(), [Said::In]);
    // Neither somebody else's leaving nor that of another connection is hers.
    let (ben, other) = (scene.world.user("ben").await, scene.world.ports.ids.next());
    let visits = &scene.here.visits;
    visits.leave(ben.user, scene.room, phone).await;
    visits.leave_all(ben.user, phone).await;
    scene.leave(&scene.here, other).await;
    scene.leave(&scene.there, phone).await;
    assert_eq!(scene.told(), []);
    for _ in 0..2 {
        scene.leave(&scene.here, phone).await;
    }
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn who_comes_back_at_once_is_told_in_that_order() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    for _ in 0..3 {
        scene.leave(&scene.here, phone).await;
        let visits = &scene.here.visits;
        visits.enter(&scene.ana, scene.room, phone).await;
    }
    assert_eq!(
        scene.told(),
        [
            Said::In,
            Said::Out,
            Said::In,
            Said::Out,
            Said::In,
            Said::Out,
            Said::In
        ]
    );
    assert_eq!(scene.swept().await, []);
    assert!(scene.is_held().await);
}

#[tokio::test]
async fn a_connection_that_closes_leaves_all_its_rooms() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.here).await;
    let mut others = Vec::new();
    for _ in 0..30 {
        let room = scene.world.room(&scene.ana).await.id;
        scene.here.visits.enter(&scene.ana, room, phone).await;
        others.push(room);
    }
    let arrivals = scene.ear.heard();
    assert_eq!(arrivals.len(), 31);

    let user = scene.ana.user;
    scene.here.visits.leave_all(user, phone).await;
    let left = |notice| match notice {
        Notice::Visit { room, on, .. } => (!on).then_some(room),
        other => panic!("{other:?}"),
    };
    let mut told: Vec<_> = scene.ear.heard().into_iter().filter_map(left).collect();
    told.sort_unstable();
    others.sort_unstable();
    assert_eq!(told, others);
    scene.here.visits.leave_all(user, phone).await;
    assert_eq!(scene.told(), []);
    scene.here.visits.leave_all(user, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn visits_last_as_long_as_their_node_says_so_and_their_end_is_told_once() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), [Said::In]);
    for _ in 0..10 {
        scene.world.pass(RENEW_EVERY);
        scene.here.attendance.renew().await;
        scene.there.attendance.renew().await;
        assert_eq!(scene.swept().await, []);
    }
    // From now on one node is dead, and she is here by the other.
    scene.world.pass(RENEW_EVERY);
    for _ in 0..10 {
        scene.world.pass(RENEW_EVERY);
        scene.there.attendance.renew().await;
        scene.there.attendance.sweep().await;
    }
    assert_eq!(scene.told(), []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}

#[tokio::test]
async fn those_of_a_dead_node_have_left_within_a_minute() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.world.pass(Duration::from_secs(44));
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), []);
    // Whoever comes back before that was there all the time.
    let laptop = scene.enter(&scene.there).await;
    scene.world.pass(Duration::from_secs(2));
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), []);
    scene.there.attendance.renew().await;
    scene.world.pass(DEAD);
    // Nobody is left to say anything but a node that starts.
    let third = UseCases::new(&scene.world.ports, &scene.world.policy);
    third.attendance.sweep().await;
    let [Notice::Visit { on: false, .. }] = scene.ear.heard()[..] else {
        panic!("it was not told");
    };
    third.attendance.sweep().await;
    assert_eq!(scene.ear.heard(), []);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [], "it was told already");
}

#[tokio::test]
async fn a_node_that_hears_of_the_leaving_of_somebody_who_is_there_says_so() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    // The node was frozen for so long that another one took it for dead.
    scene.world.pass(DEAD);
    scene.there.attendance.sweep().await;
    assert_eq!(scene.told(), [Said::Out]);
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, [Said::In]);
    assert!(scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn nothing_is_said_again_where_the_last_word_is_right() {
    let mut scene = Scene::new().await;
    let phone = scene.enter(&scene.here).await;
    scene.leave(&scene.here, phone).await;
    let tab = scene.enter(&scene.here).await;
    // All of it is heard at once, when she is there.
    assert_eq!(scene.told(), [Said::In, Said::Out, Said::In]);
    assert_eq!(scene.swept().await, []);

    // Overtaken: what was said first is heard last.
    let Caller { user, .. } = scene.ana;
    let room = scene.room;
    let late = Notice::Visit {
        room,
        user,
        on: false,
    };
    scene.here.hear(&Heard::Notice(Arc::new(late)));
    assert_eq!(scene.swept().await, [Said::In]);
    // Unless she has left by then.
    let late = Notice::Visit {
        room,
        user,
        on: false,
    };
    scene.here.hear(&Heard::Notice(Arc::new(late)));
    scene.leave(&scene.here, tab).await;
    assert_eq!(scene.swept().await, [Said::Out]);
}

#[tokio::test]
async fn a_node_that_closes_says_so_at_once() {
    let mut scene = Scene::new().await;
    scene.enter(&scene.here).await;
    scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.here.attendance.close().await;
    assert_eq!(scene.told(), [Said::Out]);
    scene.here.attendance.renew().await;
    assert!(!scene.is_held().await);
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn rooms_of_many_are_told_of_nobody() {
    let mut scene = Scene::new().await;
    for number in 0..499 {
        let name = format!("one{number}");
        let one = scene.world.user_of_crowd(&name).await;
        scene.world.join(scene.room, &one).await;
    }
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.told(), [Said::Out]);

    // Being wrong for a moment does no harm.
    let last = scene.world.user_of_crowd("last").await;
    scene.world.join(scene.room, &last).await;
    let phone = scene.enter(&scene.here).await;
    assert_eq!(scene.told(), [Said::In]);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.told(), [Said::Out]);

    scene.world.pass(Duration::from_mins(1));
    let phone = scene.enter(&scene.here).await;
    assert!(!scene.is_held().await);
    scene.leave(&scene.here, phone).await;
    assert_eq!(scene.swept().await, []);
}

#[tokio::test]
async fn a_crowd_that_is_gone_is_told_of_bit_by_bit() {
    let mut scene = Scene::new().await;
    let phone = scene.world.ports.ids.next();
    let mut crowd = Vec::new();
    for _ in 0..1_100 {
        let user = scene.world.ports.ids.next();
        let caller = Caller { user, ..scene.ana };
        let tab: ConnectionId = scene.world.ports.ids.next();
        scene.here.visits.enter(&caller, scene.room, tab).await;
        crowd.push(user);
        scene.ear.heard();
    }
    scene.here.visits.enter(&scene.ana, scene.room, phone).await;
    scene.ear.heard();
    scene.world.pass(DEAD);
    let laptop = scene.enter(&scene.there).await;
    assert_eq!(scene.told(), [Said::In], "her visit had lapsed");

    let mut told = Vec::new();
    for all in [1_000, 1_100, 1_100] {
        scene.there.attendance.sweep().await;
        while told.len() < all {
            // Who hears a hundred things at once is made to let others do something as well.
            tokio::task::yield_now().await;
            told.extend(scene.ear.heard().into_iter().map(|notice| match notice {
                Notice::Visit {
                    user, on: false, ..
                } => user,
                other => panic!("{other:?}"),
            }));
        }
        assert_eq!(told.len(), all);
    }
    told.sort_unstable();
    crowd.sort_unstable();
    assert!(told == crowd);
    scene.leave(&scene.there, laptop).await;
    assert_eq!(scene.told(), [Said::Out]);
}
