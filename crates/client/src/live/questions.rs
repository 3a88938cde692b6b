//! Commands that await a response.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use protocol::realtime::Ack;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::Error;

/// How many commands of the program may await a response. Subscriptions and messages have limits of
/// their own.
const MOST: usize = 256;

/// Receives the parts that precede a response.
pub(super) type Hear = Box<dyn FnMut(&str) + Send>;

/// What a command was sent for.
pub(super) enum Purpose {
    /// To subscribe to rooms.
    Subscribe,
    /// To post the message with this `clientId`.
    Post(Uuid),
    /// A command of the program.
    Asked {
        reply: oneshot::Sender<Result<Ack, Error>>,
        hear: Option<Hear>,
    },
    /// Nothing that anybody waits for.
    Nothing,
}

impl Debug for Purpose {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subscribe => "Subscribe",
            Self::Post(_) => "Post",
            Self::Asked { .. } => "Asked",
            Self::Nothing => "Nothing",
        })
    }
}

/// Pending commands, by the ids of their frames.
#[derive(Debug, Default)]
pub(super) struct Questions {
    last: u64,
    open: BTreeMap<u64, Purpose>,
}

impl Questions {
    /// The id of the next command.
    pub(super) const fn name(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= MOST
    }

    pub(super) fn ask(&mut self, id: u64, purpose: Purpose) {
        self.open.insert(id, purpose);
    }

    pub(super) fn take(&mut self, id: u64) -> Option<Purpose> {
        self.open.remove(&id)
    }

    /// Passes part of a response to the caller.
    pub(super) fn hear(&mut self, id: u64, text: &str) {
        if let Some(Purpose::Asked {
            hear: Some(hear), ..
        }) = self.open.get_mut(&id)
        {
            hear(text);
        }
    }

    /// The connection ended, so there will be no more responses.
    pub(super) fn lost(&mut self) {
        for purpose in std::mem::take(&mut self.open).into_values() {
            if let Purpose::Asked { reply, .. } = purpose {
                // The caller may have stopped waiting.
                drop(reply.send(Err(Error::Disconnected)));
            }
        }
    }
}
