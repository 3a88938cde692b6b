//! Remembering sessions, over a store that waits and fails on command.

use std::sync::Arc;
use std::time::Duration;

use domain::port::bus::{Heard, Notice};
use domain::port::sessions::{Rotated, Rotation};
use domain::port::{Clock, IdsExt as _, Sessions as _};
use domain::{RefreshToken, SessionId, SessionOrigin};
use futures::FutureExt as _;

use super::CachedSessions;
use super::stage::Stage;
use crate::Caller;
use crate::testing::World;

/// As long as an answer is believed.
const AGE: Duration = Duration::from_secs(30);
/// As long as a store that failed is left alone.
const REST: Duration = Duration::from_secs(2);

struct Scene {
    world: World,
    stage: Arc<Stage>,
    cached: CachedSessions,
}

impl Scene {
    fn set() -> Self {
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

    async fn lives(&self, id: SessionId) -> bool {
        let now = self.world.now();
        self.cached.live(&[id], now).await.unwrap() == [id]
    }

    /// Whether a session lives, and whether the store had to be asked.
    async fn lives_asked(&self, id: SessionId) -> (bool, bool) {
        self.stage.asked();
        let lives = self.lives(id).await;
        (lives, !self.stage.asked().is_empty())
    }

    /// Ends a session on another node.
    async fn end_elsewhere(&self, who: &Caller) {
        let sessions = &self.world.ports.sessions;
        let ended = sessions.end(who.session, who.user, self.world.now());
        assert!(ended.await.unwrap());
    }

    fn tell_ended(&self, id: SessionId) {
        let notice = Notice::SessionsEnded(vec![id]);
        self.cached.hear(&Heard::Notice(Arc::new(notice)));
    }

    async fn rotate(&self, token: &RefreshToken) -> Rotated {
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

#[tokio::test]
async fn an_answer_is_believed_for_a_while() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.end_elsewhere(&ana).await;
    scene
        .world
        .pass(AGE.saturating_sub(Duration::from_millis(1)));
    assert_eq!(scene.lives_asked(ana.session).await, (true, false));
    scene.world.pass(Duration::from_millis(1));
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn one_that_was_opened_here_is_known() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    let mut sessions = scene
        .world
        .ports
        .sessions
        .of_user(ana.user, scene.world.now());
    let mut session = sessions.as_mut().await.unwrap().remove(0);
    session.id = scene.world.ports.ids.next();
    let tokens = &scene.world.ports.access_tokens;
    let token = tokens.digest(&tokens.new_refresh());
    scene.cached.open(&session, token).await.unwrap();
    assert_eq!(scene.lives_asked(session.id).await, (true, false));
}

#[tokio::test]
async fn one_that_has_ended_is_never_asked_about_again() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.end_elsewhere(&ana).await;
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
    scene.world.pass(AGE * 2);
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn an_end_that_is_heard_of_counts_at_once() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.tell_ended(ana.session);
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn an_end_of_this_node_counts_at_once() {
    let scene = Scene::set();
    let phone = scene.world.user("ana").await;
    let laptop = scene.world.sign_in(phone.user).await;
    let desk = scene.world.sign_in(phone.user).await;
    for caller in [phone, laptop, desk] {
        assert!(scene.lives(caller.session).await);
    }
    let now = scene.world.now();
    let (cached, user) = (&scene.cached, phone.user);
    assert!(cached.end(phone.session, user, now).await.unwrap());
    assert!(!scene.lives(phone.session).await);
    let ended = cached.end_all(user, Some(desk.session), now).await;
    assert_eq!(ended.unwrap(), [laptop.session]);
    assert!(!scene.lives(laptop.session).await);
    assert!(scene.lives(desk.session).await);
}

#[tokio::test]
async fn ending_anothers_session_ends_nothing() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    let now = scene.world.now();
    assert!(!scene.cached.end(ana.session, ben.user, now).await.unwrap());
    assert!(scene.lives(ana.session).await);
}

#[tokio::test]
async fn a_stolen_token_ends_its_session_here_at_once() {
    let scene = Scene::set();
    let (ana, token) = scene.world.user_with_token("ana").await;
    assert!(scene.lives(ana.session).await);
    assert!(matches!(scene.rotate(&token).await, Rotated::Renewed(_)));
    assert!(scene.lives(ana.session).await);
    scene.world.pass(scene.world.policy.refresh_grace * 2);
    assert!(scene.lives(ana.session).await);
    assert!(matches!(scene.rotate(&token).await, Rotated::Reused(_)));
    assert_eq!(scene.lives_asked(ana.session).await, (false, false));
}

#[tokio::test]
async fn what_ends_while_it_is_asked_about_has_ended() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.stage.close_gate().await;
    let mut asking = Box::pin(scene.lives(ana.session));
    assert!((&mut asking).now_or_never().is_none());
    scene.tell_ended(ana.session);
    scene.stage.open_gate();
    assert!(!asking.await);
    assert!(!scene.lives(ana.session).await);
}

#[tokio::test]
async fn after_a_gap_everything_is_asked_anew() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.end_elsewhere(&ana).await;
    scene.cached.hear(&Heard::Gap);
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn what_was_asked_before_a_gap_is_asked_again_after_it() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    scene.stage.close_gate().await;
    let mut asking = Box::pin(scene.lives(ana.session));
    assert!((&mut asking).now_or_never().is_none());
    scene.end_elsewhere(&ana).await;
    scene.cached.hear(&Heard::Gap);
    scene.stage.open_gate();
    asking.await;
    assert_eq!(scene.lives_asked(ana.session).await, (false, true));
}

#[tokio::test]
async fn while_the_store_is_away_the_last_answer_holds() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    assert!(scene.lives(ana.session).await);
    scene.tell_ended(ben.session);
    scene.stage.set_away(true);
    scene.world.pass(AGE * 10);
    assert!(scene.lives(ana.session).await);
    assert!(!scene.lives(ben.session).await);
    let unseen: SessionId = scene.world.ports.ids.next();
    assert!(scene.lives(unseen).await);
    scene.tell_ended(ana.session);
    assert!(!scene.lives(ana.session).await);
}

#[tokio::test]
async fn a_store_that_failed_is_left_alone_for_a_moment() {
    let scene = Scene::set();
    let (ana, ben) = (scene.world.user("ana").await, scene.world.user("ben").await);
    scene.end_elsewhere(&ben).await;
    scene.stage.set_away(true);
    assert_eq!(scene.lives_asked(ana.session).await, (true, true));
    scene.stage.set_away(false);
    assert_eq!(scene.lives_asked(ben.session).await, (true, false));
    scene.world.pass(REST);
    assert_eq!(scene.lives_asked(ben.session).await, (false, true));
}

#[tokio::test]
async fn whatever_changes_sessions_needs_the_store() {
    let scene = Scene::set();
    let (ana, token) = scene.world.user_with_token("ana").await;
    assert!(scene.lives(ana.session).await);
    scene.stage.set_away(true);
    let now = scene.world.now();
    let (cached, user) = (&scene.cached, ana.user);
    let digest = scene.world.ports.access_tokens.digest(&token);
    assert!(cached.end(ana.session, user, now).await.is_err());
    assert!(cached.end_all(user, None, now).await.is_err());
    assert!(cached.of_user(user, now).await.is_err());
    assert!(cached.find_by_token(digest, now).await.is_err());
    assert!(scene.lives(ana.session).await);

    scene.stage.set_away(false);
    assert_eq!(cached.of_user(user, now).await.unwrap().len(), 1);
    let found = cached.find_by_token(digest, now).await.unwrap();
    assert_eq!(found.unwrap().id, ana.session);
}

#[tokio::test]
async fn many_are_asked_about_in_one_go() {
    let scene = Scene::set();
    let ana = scene.world.user("ana").await;
    let mut ids = vec![ana.session];
    for _ in 0..3 {
        ids.push(scene.world.sign_in(ana.user).await.session);
    }
    assert!(scene.lives(ids[0]).await);
    scene.tell_ended(ids[1]);
    scene.stage.asked();
    let mut live = scene.cached.live(&ids, scene.world.now()).await.unwrap();
    live.sort_unstable();
    assert_eq!(live, [ids[0], ids[2], ids[3]]);
    assert_eq!(scene.stage.asked(), [vec![ids[2], ids[3]]]);
    assert_eq!(scene.cached.live(&[], scene.world.now()).await.unwrap(), []);
}
