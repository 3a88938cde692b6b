//! Applying the caller's rule to a room, which only the writer may change.
//!
//! A rule is borrowed, so it cannot move to the writer's thread. It is first asked on the caller's
//! side, about the room as a reader sees it, and its decision goes to the writer together with what it
//! was based on. Usually the room is still the same under the lock, so a pure rule would decide the
//! same, and the writer waits for nothing. If the room has changed, the rule is asked again, this time
//! while the writer holds the lock and waits; that bounds the retries, so no caller starves.

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

/// How long all other writes may wait for one caller's rule. A rule itself is fast, but its caller's
/// thread may be busy.
const PATIENCE: Duration = Duration::from_secs(2);

type Ruling = Result<Decision, Refusal>;

/// A decision, and what it was based on.
struct Draft {
    seen: Scene,
    decision: Decision,
}

/// The writer's channel back to the rule.
struct Appeal {
    ask: oneshot::Sender<Scene>,
    answer: Receiver<Ruling>,
}

impl SqliteStore {
    pub(super) async fn rule_on(&self, act: &Act, rule: &Rule<'_>) -> Result<Decided, Failure> {
        let shown = act.clone();
        let seen = self.read(PORT, ACTION, move |db| scene(db, &shown)).await?;
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
                // If the writer has stopped waiting it reports that itself.
                drop(tell.send(rule(&scene)));
            }
        };
        let (decided, ()) = tokio::join!(writing, answering);
        decided
    }
}

impl Appeal {
    /// Asks the rule again. There is no answer if the caller has gone, or its rule has panicked.
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

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use domain::port::rooms::Step;
    use domain::port::{Members, Rooms as _};
    use domain::{RoomId, UserId};
    use port_contracts::at;
    use tokio::runtime::Handle;
    use tokio::task::{JoinSet, block_in_place};

    use super::*;
    use crate::testing::Ground;

    fn act(room: RoomId, actor: UserId) -> Act {
        Act {
            room,
            actor,
            subject: actor,
            invite: None,
            at: at(1),
        }
    }

    fn admit(user: UserId) -> Decision {
        Decision {
            steps: vec![Step::Admit { user }],
            events: Vec::new(),
        }
    }

    /// Lets a user join while a rule is being asked.
    fn meanwhile(store: &SqliteStore, room: RoomId, user: UserId) {
        let joining = async { store.decide(&act(room, user), &|_| Ok(admit(user))).await };
        block_in_place(|| Handle::current().block_on(joining)).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_room_that_changed_meanwhile_is_decided_on_again() {
        let ground = Ground::new();
        let [ana, ben, cleo] = [
            ground.user().await,
            ground.user().await,
            ground.user().await,
        ];
        let room = ground.room(ana).await;
        let counts = Mutex::new(Vec::new());
        let rule = |scene: &Scene| {
            let mut counts = counts.lock().unwrap();
            counts.push(scene.room.member_count);
            // Only the first time: later the writer waits for this rule, and cannot let anybody in.
            (counts.len() == 1).then(|| meanwhile(&ground.store, room, cleo));
            Ok(admit(ben))
        };
        let decided = ground.store.decide(&act(room, ben), &rule).await.unwrap();
        let Decided::Done(outcome) = decided else {
            panic!("{decided:?}")
        };
        assert_eq!(outcome.room.member_count, 3);
        assert_eq!(*counts.lock().unwrap(), [1, 2]);
    }

    /// Lets a user in by a rule that panics on its `time`-th call.
    fn panicking(
        store: &SqliteStore,
        room: RoomId,
        people: [UserId; 2],
        time: usize,
    ) -> JoinSet<()> {
        let store = store.clone();
        let [user, other] = people;
        let mut task = JoinSet::new();
        task.spawn(async move {
            let asked = AtomicUsize::new(0);
            let rule = |_: &Scene| {
                let count = asked.fetch_add(1, Ordering::Relaxed) + 1;
                assert_ne!(count, time, "as a mistake of ours would have it");
                meanwhile(&store, room, other);
                Ok(admit(user))
            };
            store.decide(&act(room, user), &rule).await.unwrap();
        });
        task
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_rule_that_panics_harms_nobody() {
        let ground = Ground::new();
        let people = [
            ground.user().await,
            ground.user().await,
            ground.user().await,
        ];
        let [ana, ben, cleo] = people;
        let room = ground.room(ana).await;
        let members = async || {
            let found = Members::find(&ground.store, room, &people).await.unwrap();
            found.iter().map(|member| member.user).collect::<Vec<_>>()
        };

        // Nothing waits for the answer to the first question, but the writer waits for the second.
        for (time, expected) in [(1, vec![ana]), (2, vec![ana, cleo])] {
            let mut task = panicking(&ground.store, room, [ben, cleo], time);
            let end = task.join_next().await.unwrap();
            assert!(end.is_err_and(|error| error.is_panic()));
            assert_eq!(members().await, expected);
        }
        meanwhile(&ground.store, room, ben);
        assert_eq!(members().await, people);
    }
}
