//! What is known to have arrived at a client.
//!
//! Clients of these vocabularies do not say what they have: a pong does, or the next poll. So from time to
//! time, when messages were told, a proof is asked for, and what it proves moves the delivered cursors.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{RoomId, Seq};
use socketio::{Position, Socket};
use tokio::time::Instant;

/// How often a proof is asked for.
const EVERY: Duration = Duration::from_secs(1);

/// How far a client is known to have come.
pub(super) struct Proof {
    /// What it was told since the last proof was asked for.
    told: BTreeMap<RoomId, Seq>,
    /// What it has if this is proven.
    asked: Option<(Position, BTreeMap<RoomId, Seq>)>,
    next: Instant,
}

impl Proof {
    pub(super) fn new() -> Self {
        Self {
            told: BTreeMap::new(),
            asked: None,
            next: Instant::now() + EVERY,
        }
    }

    /// It is told of messages up to these.
    pub(super) fn tell(&mut self, messages: impl IntoIterator<Item = (RoomId, Seq)>) {
        for (room, seq) in messages {
            let last = self.told.entry(room).or_default();
            *last = seq.max(*last);
        }
    }

    /// When to look again.
    pub(super) const fn due(&self) -> Instant {
        self.next
    }

    /// Asks for a proof of what was told in the rooms that count, if all of it was handed over to be
    /// sent.
    pub(super) fn look(
        &mut self,
        socket: &Socket,
        all_handed_over: bool,
        counts: impl Fn(RoomId) -> bool,
    ) {
        self.next = Instant::now() + EVERY;
        if self.asked.is_some() || !all_handed_over {
            return;
        }
        let told = self.told.extract_if(.., |room, _| counts(*room));
        let told: BTreeMap<RoomId, Seq> = told.collect();
        if !told.is_empty() {
            self.asked = Some((socket.mark(), told));
            socket.ask_for_proof();
        }
    }

    /// Waits until something is proven; for ever if nothing is to be.
    pub(super) async fn arrives(&self, socket: &Socket) {
        match &self.asked {
            Some((position, _)) if socket.proven() >= *position => (),
            Some(_) if socket.proven_beyond(socket.proven()).await => (),
            Some(_) | None => std::future::pending().await,
        }
    }

    /// What has arrived.
    pub(super) fn arrived(&mut self, socket: &Socket) -> Vec<(RoomId, Seq)> {
        let proven = socket.proven();
        let arrived = self.asked.take_if(|(position, _)| proven >= *position);
        arrived.map_or_else(Vec::new, |(_, rooms)| rooms.into_iter().collect())
    }
}
