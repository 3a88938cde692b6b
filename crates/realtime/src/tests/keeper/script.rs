//! A store and a bus that do as they are told.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::Bus;
use domain::port::bus::{Notice, Notices};
use domain::port::room_log::Head;
use domain::{Epoch, Failure, Rev, RoomId, Seq};
use tokio::time::advance;

use crate::connection::Connection;
use crate::frame::Frame;
use crate::hub::lock;
use crate::keeper::Keeper;
use crate::source::{Source, Stretch};
use crate::tests::stage::{Stage, change, read, rev, said};

/// What the hub looks things up in, what it follows rooms on, and what it asked of both.
#[derive(Default)]
pub(super) struct Script {
    state: Mutex<State>,
    said: Mutex<Vec<String>>,
}

#[derive(Default)]
struct State {
    /// The rooms that there are, each with the revs of what it holds and the rev at which it stands.
    rooms: BTreeMap<RoomId, (Vec<i64>, i64)>,
    epoch: u32,
    store_is_away: bool,
    bus_is_away: bool,
    /// Whether the next call of the bus panics.
    bus_is_broken: bool,
    /// How long the bus takes.
    bus_takes: Duration,
}

impl Script {
    /// The room stands at this rev, and holds what carries these.
    pub(super) fn room(&self, of: RoomId, holds: impl IntoIterator<Item = i64>, at: i64) {
        let room = (holds.into_iter().collect(), at);
        lock(&self.state).rooms.insert(of, room);
    }

    pub(super) fn delete(&self, of: RoomId) {
        lock(&self.state).rooms.remove(&of);
    }

    pub(super) fn put_back(&self) {
        lock(&self.state).epoch += 1;
    }

    pub(super) fn store_is_away(&self, away: bool) {
        lock(&self.state).store_is_away = away;
    }

    pub(super) fn bus_is_away(&self, away: bool) {
        lock(&self.state).bus_is_away = away;
    }

    pub(super) fn break_bus(&self) {
        lock(&self.state).bus_is_broken = true;
    }

    pub(super) fn bus_takes(&self, time: Duration) {
        lock(&self.state).bus_takes = time;
    }

    /// What was asked since this was last called.
    pub(super) fn said(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.said))
    }

    fn say(&self, what: &str, rooms: &[RoomId]) {
        let mut rooms: Vec<_> = rooms.iter().map(|room| room.as_uuid().as_u128()).collect();
        rooms.sort_unstable();
        lock(&self.said).push(format!("{what} {rooms:?}"));
    }

    fn asked(&self) -> Result<(), Failure> {
        let away = lock(&self.state).store_is_away;
        if away {
            Err(Failure::passing("room log", "answer", "it is away"))
        } else {
            Ok(())
        }
    }

    async fn bus(&self) -> Result<(), Failure> {
        let (time, away) = {
            let mut state = lock(&self.state);
            assert!(
                !std::mem::take(&mut state.bus_is_broken),
                "as the test wants it"
            );
            (state.bus_takes, state.bus_is_away)
        };
        tokio::time::sleep(time).await;
        if away {
            Err(Failure::passing("bus", "answer", "it is away"))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Source for Script {
    async fn since(
        &self,
        room: RoomId,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Stretch>, Failure> {
        self.say(&format!("since {since}"), &[room]);
        self.asked()?;
        let state = lock(&self.state);
        let Some((holds, at)) = state.rooms.get(&room) else {
            return Ok(None);
        };
        let after: Vec<i64> = holds
            .iter()
            .copied()
            .filter(|number| *number > since.get())
            .collect();
        let more = after.len() > limit;
        let page: Vec<i64> = after.into_iter().take(limit).collect();
        let cut = page.last().copied().filter(|_| more);
        Ok(Some(Stretch {
            up_to: rev(cut.unwrap_or(*at)),
            changes: page.into_iter().map(change).collect(),
            more,
        }))
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        self.say("heads", rooms);
        self.asked()?;
        let state = lock(&self.state);
        let head = |room: &RoomId| {
            let (_, at) = state.rooms.get(room)?;
            Some(Head {
                room: *room,
                seq: Seq::ZERO,
                rev: rev(*at),
            })
        };
        Ok(rooms.iter().filter_map(head).collect())
    }

    async fn epoch(&self) -> Result<Epoch, Failure> {
        self.asked()?;
        let epoch = lock(&self.state).epoch;
        Ok(Epoch::parse(format!("epoch {epoch}")).unwrap())
    }

    fn gone(&self, _room: RoomId) -> Frame {
        said("gone;")
    }
}

#[async_trait]
impl Bus for Script {
    async fn publish(&self, _notice: Notice) -> Result<(), Failure> {
        Ok(())
    }

    async fn listen(&self) -> Result<Notices, Failure> {
        Ok(Box::pin(futures::stream::empty()))
    }

    async fn follow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        let answer = self.bus().await;
        self.say("follow", rooms);
        answer
    }

    async fn unfollow(&self, rooms: &[RoomId]) -> Result<(), Failure> {
        let answer = self.bus().await;
        self.say("unfollow", rooms);
        answer
    }
}

/// A node whose hub is kept in step.
pub(super) struct Kept {
    pub(super) stage: Stage,
    pub(super) script: Arc<Script>,
}

impl Kept {
    /// Plays a scene while the keeper does its work.
    pub(super) async fn play(scene: impl AsyncFnOnce(&mut Self)) {
        let mut kept = Self {
            stage: Stage::new(),
            script: Arc::default(),
        };
        let source: Arc<dyn Source> = Arc::<Script>::clone(&kept.script);
        let bus: Arc<dyn Bus> = Arc::<Script>::clone(&kept.script);
        let keeping = Keeper::new(&kept.stage.hub, source, bus).run();
        tokio::select! {
            biased;
            () = keeping => unreachable!("it goes on for ever"),
            () = scene(&mut kept) => (),
        }
    }

    /// Time passes, step by step, so that everything that is due has its turn.
    pub(super) async fn pass(&mut self, millis: u64) {
        for _ in 0..millis {
            advance(Duration::from_millis(1)).await;
            // The keeper is asked before the scene is.
            tokio::task::yield_now().await;
        }
        self.stage.deliver();
    }

    /// Somebody who listens to a room from where it stands, and was there when the keeper looked.
    pub(super) async fn listener(&mut self, number: u128, of: RoomId, at: i64) -> Rc<Connection> {
        self.script.room(of, 1..=at, at);
        let connection = self.stage.listener(number, of, at);
        self.pass(1).await;
        self.script.said();
        connection
    }

    /// What a connection is told within a time.
    pub(super) async fn told(&mut self, connection: &Connection, millis: u64) -> String {
        self.pass(millis).await;
        read(connection)
    }
}
