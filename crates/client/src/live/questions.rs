//! What was asked and has no answer yet.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};

use protocol::realtime::Ack;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::Error;

/// How many may wait for answers. Rooms and messages are bounded by themselves.
const MOST: usize = 256;

/// Hears what comes before an answer.
pub(super) type Hear = Box<dyn FnMut(&str) + Send>;

/// What a question was for.
pub(super) enum Purpose {
    /// Some rooms.
    Subscribe,
    /// To say the message of this `clientId`.
    Post(Uuid),
    /// Something that the program asked.
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

/// Questions by the ids of their frames.
#[derive(Debug, Default)]
pub(super) struct Questions {
    last: u64,
    open: BTreeMap<u64, Purpose>,
}

impl Questions {
    /// The id of the next one.
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

    /// Tells a piece of an answer to who asked.
    pub(super) fn hear(&mut self, id: u64, text: &str) {
        if let Some(Purpose::Asked {
            hear: Some(hear), ..
        }) = self.open.get_mut(&id)
        {
            hear(text);
        }
    }

    /// There will be no answers any more.
    pub(super) fn lost(&mut self) {
        for purpose in std::mem::take(&mut self.open).into_values() {
            if let Purpose::Asked { reply, .. } = purpose {
                // Whoever asked may have stopped waiting.
                drop(reply.send(Err(Error::Disconnected)));
            }
        }
    }
}
