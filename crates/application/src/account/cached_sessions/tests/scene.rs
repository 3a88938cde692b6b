//! Cached sessions in front of a controllable store.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::{Heard, Notice};
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{Clock, Sessions as _};
use domain::{RefreshToken, SessionId, SessionOrigin};

use super::super::CachedSessions;
use super::stage::Stage;
use crate::Caller;
use crate::testing::World;

/// How long an answer is cached.
pub(super) const AGE: Duration = Duration::from_secs(30);
/// How long a store that failed is left alone.
pub(super) const REST: Duration = Duration::from_secs(2);

pub(super) struct Scene {
    pub(super) world: World,
    pub(super) stage: Arc<Stage>,
    pub(super) cached: CachedSessions,
}

impl Scene {
    pub(super) fn set() -> Self {
        let world = World::new();
        let stage = Arc::new(Stage::before(&world.ports.sessions));
        let clock: Arc<dyn Clock> = Arc::clone(&world.ports.clock);
        let cached = CachedSessions::new(Arc::<Stage>::clone(&stage), clock);
        Self {
            world,
            stage,
            cached,
        }
    }

    pub(super) async fn lives(&self, id: SessionId) -> bool {
        let now = self.world.now();
        self.cached.live(&[id], now).await.unwrap() == [id]
    }

    /// Whether a session is live, and whether the store had to be asked.
    pub(super) async fn lives_asked(&self, id: SessionId) -> (bool, bool) {
        self.stage.asked();
        let lives = self.lives(id).await;
        (lives, !self.stage.asked().is_empty())
    }

    /// Ends a session on another node.
    pub(super) async fn end_elsewhere(&self, who: &Caller) {
        let sessions = &self.world.ports.sessions;
        let ended = sessions.end(who.session, who.user, self.world.now());
        assert!(ended.await.unwrap());
    }

    pub(super) fn tell_ended(&self, id: SessionId) {
        let notice = Notice::SessionsEnded(vec![id]);
        self.cached.hear(&Heard::Notice(Arc::new(notice)));
    }

    pub(super) async fn rotate(&self, token: &RefreshToken) -> Rotated {
        let tokens = &self.world.ports.access_tokens;
        let now = self.world.now();
        let rotation = Rotation {
            presented: tokens.digest(token),
            replacement: tokens.digest(&tokens.successor(token)),
            at: now,
            grace: self.world.policy.refresh_grace,
            expires_at: now + self.world.policy.session_lifetime,
            origin: SessionOrigin::default(),
        };
        self.cached.rotate(&rotation).await.unwrap()
    }
}
