//! Asking a rule, which lives with the caller, about a room, which lives with the writer.
//!
//! A rule is borrowed, so it cannot move to the writer's thread. It is asked on the caller's side: first
//! about the room as a reader finds it, and its decision goes to the writer together with what it was
//! based on. Mostly the room still stands like that under the lock, and a pure rule would decide the
//! same, so that the writer waits for nobody. If the room has changed, the rule is asked again, now while the
//! writer holds the lock and waits; that ends, so nobody is overtaken for ever.

use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use diesel::sqlite::SqliteConnection;
use domain::port::rooms::{Act, Decided, Decision, Outcome, Rule, Scene};
use domain::{Failure, Refusal};
use tokio::sync::oneshot;

use super::carry::{carry_out, scene};
use super::port::PORT;
use crate::SqliteStore;
use crate::failure::Broken;

const ACTION: &str = "decide";

/// How long everybody else's writing waits for one caller's rule. A rule takes no time; its caller's
/// thread may be busy.
const PATIENCE: Duration = Duration::from_secs(2);

type Ruling = Result<Decision, Refusal>;

/// A decision, and what it is based on.
struct Draft {
    seen: Scene,
    decision: Decision,
}

/// The writer's way back to the rule.
struct Appeal {
    ask: oneshot::Sender<Scene>,
    answer: Receiver<Ruling>,
}

impl SqliteStore {
    pub(super) async fn rule_on(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        let shown = act.clone();
        let seen = self
            .read(PORT, ACTION, move |db| scene(db, &shown))
            .await?;
        let Some(seen) = seen else {
            return Ok(Decided::Unknown);
        };
        let decision = match rule(&seen) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Decided::Refused(refusal)),
        };
        if decision == Decision::default() {
            return Ok(Decided::Done(Box::new(unchanged(seen))));
        }
        self.carry(act.clone(), Draft { seen, decision }, rule)
            .await
    }

    async fn carry(&self, act: Act, draft: Draft, rule: &Rule<'_>) -> Result<Decided, Failure> {
        let (ask, asked) = oneshot::channel();
        let (tell, answer) = sync_channel(1);
        let appeal = Appeal { ask, answer };
        let writing = self.write(PORT, ACTION, move |db| settle(db, &act, draft, appeal));
        let answering = async move {
            if let Ok(scene) = asked.await {
                // A writer that has lost patience says so itself.
                drop(tell.send(rule(&scene)));
            }
        };
        let (decided, ()) = tokio::join!(writing, answering);
        decided
    }
}

impl Appeal {
    /// Asks the rule again. No answer comes when the caller has gone, or its rule has panicked.
    fn ask(self, scene: &Scene) -> Result<Ruling, Broken> {
        self.ask
            .send(scene.clone())
            .map_err(|_scene| Broken::Undecided)?;
        self.answer
            .recv_timeout(PATIENCE)
            .map_err(|_silence| Broken::Undecided)
    }
}

fn settle(
    db: &mut SqliteConnection,
    act: &Act,
    draft: Draft,
    appeal: Appeal,
) -> Result<Decided, Broken> {
    let Some(scene) = scene(db, act)? else {
        return Ok(Decided::Unknown);
    };
    let ruling = if same(&scene, &draft.seen) {
        Ok(draft.decision)
    } else {
        appeal.ask(&scene)?
    };
    match ruling {
        Ok(decision) => {
            let outcome = carry_out(db, act, scene.room, &decision)?;
            Ok(Decided::Done(Box::new(outcome)))
        }
        Err(refusal) => Ok(Decided::Refused(refusal)),
    }
}

fn same(one: &Scene, other: &Scene) -> bool {
    one.room == other.room
        && one.actor == other.actor
        && one.subject == other.subject
        && one.invite == other.invite
}

fn unchanged(scene: Scene) -> Outcome {
    Outcome {
        room: scene.room,
        room_changed: false,
        deleted: false,
        members: Vec::new(),
    }
}
