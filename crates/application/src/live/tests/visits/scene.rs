//! Ana and her room, and two nodes.

use std::sync::Arc;

use domain::port::IdsExt as _;
use domain::port::bus::{Heard, Notice};
use domain::port::presence::Subject;
use domain::{ConnectionId, RoomId, UserId};

use crate::testing::{Ear, World};
use crate::{Caller, UseCases};

/// What is announced about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    In,
    Out,
}

impl Said {
    /// What a notice says, which must be about this visit.
    pub(super) fn of(visit: (RoomId, UserId), notice: &Notice) -> Self {
        let Notice::Visit { room, user, on } = notice else {
            panic!("{notice:?}");
        };
        assert_eq!((*room, *user), visit);
        if *on { Self::In } else { Self::Out }
    }
}

/// Ana and her room, and two nodes that share everything.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) here: Box<UseCases>,
    pub(super) there: Box<UseCases>,
    pub(super) ana: Caller,
    pub(super) room: RoomId,
    pub(super) ear: Ear,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let world = World::new();
        let ana = world.user("ana").await;
        Self {
            room: world.room(&ana).await.id,
            here: Box::new(UseCases::new(&world.ports, &world.policy)),
            there: Box::new(UseCases::new(&world.ports, &world.policy)),
            ear: world.ear().await,
            ana,
            world,
        }
    }

    /// Ana listens by one more connection.
    pub(super) async fn enter(&self, node: &UseCases) -> ConnectionId {
        let connection = self.world.ports.ids.next();
        node.visits.enter(&self.ana, self.room, connection).await;
        connection
    }

    pub(super) async fn leave(&self, node: &UseCases, connection: ConnectionId) {
        let user = self.ana.user;
        node.visits.leave(user, self.room, connection).await;
    }

    /// What was announced about Ana since the last time. All nodes hear it.
    pub(super) fn told(&mut self) -> Vec<Said> {
        let heard = self.ear.heard();
        for notice in &heard {
            let heard = Heard::Notice(Arc::new(notice.clone()));
            self.here.hear(&heard);
            self.there.hear(&heard);
        }
        let said = |notice| Said::of((self.room, self.ana.user), &notice);
        heard.into_iter().map(said).collect()
    }

    /// What both nodes' sweeps announce.
    pub(super) async fn swept(&mut self) -> Vec<Said> {
        self.here.attendance.sweep().await;
        self.there.attendance.sweep().await;
        self.told()
    }

    pub(super) async fn is_held(&self) -> bool {
        let visit = [Subject::Visit {
            room: self.room,
            user: self.ana.user,
        }];
        let presence = &self.world.ports.presence;
        presence.here(&visit, self.world.now()).await.unwrap() == visit
    }
}

/// The user and room of a notice that a visit has ended.
pub(super) fn ended(notice: &Notice) -> (RoomId, UserId) {
    let Notice::Visit {
        room,
        user,
        on: false,
    } = notice
    else {
        panic!("{notice:?}");
    };
    (*room, *user)
}
