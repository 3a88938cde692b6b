//! A room with a talk in it, and a model.

use std::num::NonZeroU32;
use std::sync::Arc;

use adapter_memory::{CacheBounds, ManualClock, MemoryCache};
use domain::port::messages::{Appended, NewMessage};
use domain::port::summariser::Style;
use domain::{RoomId, Seq};

use super::super::{Ask, Ear, Heard, Since, Summarise};
use super::scripted::{Question, Scripted};
use super::watched::Watched;
use crate::present::Names;
use crate::testing::{Stage, seq};
use crate::{Caller, Error, SummaryView};

/// Positions in a stretch, in tests.
pub(super) const STRETCH: i64 = 10;

/// A world with a model, and stretches that are short enough to count.
pub(super) struct Scene {
    pub(super) stage: Stage,
    pub(super) model: Arc<Scripted>,
    pub(super) cache: Arc<Watched>,
    pub(super) summarise: Summarise,
}

pub(super) const fn ask(since: Since) -> Ask {
    Ask {
        since,
        style: Style::Bullets,
    }
}

pub(super) fn after(place: i64) -> Since {
    Since::Place(seq(place))
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// After a change to the usual rules.
    pub(super) async fn with(change: impl FnOnce(&mut crate::Summaries)) -> Self {
        let mut stage = Stage::new().await;
        let model = Arc::new(Scripted::default());
        let clock = Arc::<ManualClock>::clone(&stage.world.clock);
        let cache = Watched::new(MemoryCache::new(clock, CacheBounds::default()));
        stage.world.ports.model = Some(Arc::<Scripted>::clone(&model));
        stage.world.ports.cache = Arc::<Watched>::clone(&cache);
        let rules = &mut stage.world.policy.summaries;
        rules.stretch = NonZeroU32::new(10).unwrap();
        rules.gathered = 4;
        rules.of_person.points = 0;
        rules.of_room.points = 0;
        change(rules);
        let summarise = node(&stage);
        Self {
            stage,
            model,
            cache,
            summarise,
        }
    }

    /// One more node on the same servers.
    pub(super) fn node(&self) -> Summarise {
        node(&self.stage)
    }

    /// A public room with the owner, the member and this many messages.
    pub(super) async fn talk(&self, messages: i64) -> RoomId {
        let room = self.stage.world.room(&self.stage.owner).await.id;
        self.stage.world.join(room, &self.stage.member).await;
        self.say(room, 1, messages).await;
        room
    }

    /// The owner's messages from one number to another.
    pub(super) async fn say(&self, room: RoomId, from: i64, to: i64) {
        let world = &self.stage.world;
        let new = |number| world.message(room, &self.stage.owner, &format!("message {number}."));
        let batch: Vec<NewMessage> = (from..=to).map(new).collect();
        for some in batch.chunks(500) {
            let stored = world.ports.messages.append(some).await.unwrap();
            assert!(stored.iter().all(|one| matches!(one, Appended::Stored(_))));
        }
    }

    pub(super) async fn missed(
        &self,
        who: &Caller,
        room: RoomId,
        since: Since,
    ) -> Result<SummaryView, Error> {
        missed(&self.summarise, who, room, since).await
    }

    /// The member's summary of everything, and what the model was asked for it.
    pub(super) async fn everything(&self, room: RoomId) -> (SummaryView, Vec<Question>) {
        let view = self.missed(&self.stage.member, room, after(0)).await;
        (view.unwrap(), self.model.questions())
    }
}

fn node(stage: &Stage) -> Summarise {
    let names = Arc::new(Names::new(&stage.world.ports));
    Summarise::new(&stage.world.ports, &names, &stage.world.policy)
}

pub(super) async fn missed(
    node: &Summarise,
    who: &Caller,
    room: RoomId,
    since: Since,
) -> Result<SummaryView, Error> {
    let opened = node.open(who, room, ask(since)).await?;
    node.tell(opened, None).await
}

/// All pieces that were sent, once the sender is dropped.
pub(super) async fn all(mut heard: Heard) -> String {
    let mut text = String::new();
    while let Some(piece) = heard.next().await {
        text.push_str(&piece);
    }
    text
}

pub(super) fn ear() -> (Ear, Heard) {
    Ear::open()
}

/// The positions that a summary cites.
pub(super) fn cited(view: &SummaryView) -> Vec<i64> {
    let bullets = view.bullets.iter();
    bullets
        .flat_map(|bullet| bullet.seqs.iter().map(|seq| seq.get()))
        .collect()
}

/// The positions that the model read, each as often as it read it.
pub(super) fn read(questions: &[Question]) -> Vec<i64> {
    let lines = questions
        .iter()
        .flat_map(|question| question.lines.iter().copied());
    let mut lines: Vec<i64> = lines.collect();
    lines.sort_unstable();
    lines
}

pub(super) const fn bounds(view: &SummaryView) -> (Seq, Seq) {
    (view.from, view.to)
}
