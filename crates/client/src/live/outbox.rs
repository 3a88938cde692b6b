//! What was said and not acknowledged yet. It is sent until there is an answer, under the same
//! `clientId`, so that it is stored once. In a room one goes out after the other, so that they are stored
//! in the order in which they were said, even where one has to wait.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use protocol::rest::PostMessage;
use protocol::shape::Message;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::Error;

/// How many may wait.
const MOST: usize = 256;

/// Something to be said.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) client_id: Uuid,
    pub(super) room: Uuid,
    pub(super) message: PostMessage,
    pub(super) reply: oneshot::Sender<Result<Message, Error>>,
}

/// What waits, in the order in which it was said.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<(Letter, State)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Sent,
    /// Refused for a moment, to be sent again then.
    Later(Instant),
}

impl Outbox {
    /// Takes something, or tells whoever said it that there is too much already.
    pub(super) fn put(&mut self, letter: Letter) {
        if self.0.len() >= MOST {
            drop(letter.reply.send(Err(Error::Full)));
        } else {
            self.0.push_back((letter, State::Waiting));
        }
    }

    /// The next that may go out: the first of its room, if that is not on its way.
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

    /// When the next is to be sent that was refused for a moment.
    pub(super) fn due(&self) -> Option<Instant> {
        let later = self.0.iter().filter_map(|(_, state)| match state {
            State::Later(when) => Some(*when),
            State::Waiting | State::Sent => None,
        });
        later.min()
    }

    /// There is an answer for good.
    pub(super) fn settle(&mut self, client_id: Uuid, answer: Result<Message, Error>) {
        let place = self
            .0
            .iter()
            .position(|(letter, _)| letter.client_id == client_id);
        if let Some((letter, _)) = place.and_then(|place| self.0.remove(place)) {
            // Whoever said it may have stopped waiting.
            drop(letter.reply.send(answer));
        }
    }

    /// It is refused for a moment.
    pub(super) fn put_off(&mut self, client_id: Uuid, again: Instant) {
        for (letter, state) in &mut self.0 {
            if letter.client_id == client_id {
                *state = State::Later(again);
            }
        }
    }

    /// The connection is gone. Whether what was sent was stored is not known.
    pub(super) fn lost(&mut self) {
        for (_, state) in &mut self.0 {
            *state = State::Waiting;
        }
    }

    /// There will be no connection any more.
    pub(super) fn over(&mut self) {
        for (letter, _) in self.0.drain(..) {
            drop(letter.reply.send(Err(Error::Closed)));
        }
    }
}
