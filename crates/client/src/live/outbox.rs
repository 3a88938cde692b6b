//! Messages that are not acknowledged yet. Each is sent until there is a final response, under the
//! same `clientId`, so that it is stored once. In a room only one is in flight at a time, so that
//! they are stored in the order in which they were posted, even if one has to be retried.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use protocol::rest::PostMessage;
use protocol::shape::Message;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::Error;

/// How many messages may wait.
const MOST: usize = 256;

/// A message to be sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) client_id: Uuid,
    pub(super) room: Uuid,
    pub(super) message: PostMessage,
    pub(super) reply: oneshot::Sender<Result<Message, Error>>,
}

/// The waiting messages, in the order in which they were posted.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<(Letter, State)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Sent,
    /// Refused temporarily, to be sent again at this time.
    Later(Instant),
}

impl Outbox {
    /// Queues a message, or refuses it if the outbox is full.
    pub(super) fn put(&mut self, letter: Letter) {
        if self.0.len() >= MOST {
            drop(letter.reply.send(Err(Error::Full)));
        } else {
            self.0.push_back((letter, State::Waiting));
        }
    }

    /// The next message that may be sent: the first of its room, unless that is in flight or not
    /// due.
    pub(super) fn next(&mut self, now: Instant) -> Option<&Letter> {
        let mut rooms = BTreeSet::new();
        let (letter, state) = self.0.iter_mut().find(|(letter, state)| {
            let is_first = rooms.insert(letter.room);
            let is_due = match *state {
                State::Waiting => true,
                State::Later(when) => when <= now,
                State::Sent => false,
            };
            is_first && is_due
        })?;
        *state = State::Sent;
        Some(letter)
    }

    /// When the next temporarily refused message is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let later = self.0.iter().filter_map(|(_, state)| match state {
            State::Later(when) => Some(*when),
            State::Waiting | State::Sent => None,
        });
        later.min()
    }

    /// Completes a message with its final outcome.
    pub(super) fn settle(&mut self, client_id: Uuid, answer: Result<Message, Error>) {
        let place = self
            .0
            .iter()
            .position(|(letter, _)| letter.client_id == client_id);
        if let Some((letter, _)) = place.and_then(|place| self.0.remove(place)) {
            // The caller may have stopped waiting.
            drop(letter.reply.send(answer));
        }
    }

    /// Schedules a retry of a message that was refused temporarily.
    pub(super) fn put_off(&mut self, client_id: Uuid, again: Instant) {
        for (letter, state) in &mut self.0 {
            if letter.client_id == client_id {
                *state = State::Later(again);
            }
        }
    }

    /// The connection ended. Whether the messages in flight were stored is unknown.
    pub(super) fn lost(&mut self) {
        for (_, state) in &mut self.0 {
            *state = State::Waiting;
        }
    }

    /// There will be no more connections.
    pub(super) fn over(&mut self) {
        for (letter, _) in self.0.drain(..) {
            drop(letter.reply.send(Err(Error::Closed)));
        }
    }
}
