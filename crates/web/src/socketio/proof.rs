//! Finds out which messages have arrived at a client.
//!
//! Clients of these vocabularies do not acknowledge messages, but a pong or the next poll proves that
//! what was sent before has arrived. So after messages were sent, a proof is requested from time to
//! time, and the delivered cursors move up to what it proves.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{RoomId, Seq};
use socketio::{Position, Socket};
use tokio::time::Instant;

/// How often a proof is requested.
const EVERY: Duration = Duration::from_secs(1);

/// How much is known to have arrived at a client.
pub(super) struct Proof {
    /// The last message sent in each room since a proof was last requested.
    told: BTreeMap<RoomId, Seq>,
    /// What has arrived once this position is proven.
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

    /// Records that messages up to these were sent.
    pub(super) fn tell(&mut self, messages: impl IntoIterator<Item = (RoomId, Seq)>) {
        for (room, seq) in messages {
            let last = self.told.entry(room).or_default();
            *last = seq.max(*last);
        }
    }

    /// When to call [`look`](Self::look) next.
    pub(super) const fn due(&self) -> Instant {
        self.next
    }

    /// Requests a proof of what was sent in the rooms that count, if all of it was handed over to the
    /// transport.
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

    /// Waits until something is proven; forever if no proof was requested.
    pub(super) async fn arrives(&self, socket: &Socket) {
        match &self.asked {
            Some((position, _)) if socket.proven() >= *position => (),
            Some(_) if socket.proven_beyond(socket.proven()).await => (),
            Some(_) | None => std::future::pending().await,
        }
    }

    /// Takes out what has arrived.
    pub(super) fn arrived(&mut self, socket: &Socket) -> Vec<(RoomId, Seq)> {
        let proven = socket.proven();
        let arrived = self.asked.take_if(|(position, _)| proven >= *position);
        arrived.map_or_else(Vec::new, |(_, rooms)| rooms.into_iter().collect())
    }
}
