//! Seeing whom a message has reached.

use std::sync::Arc;

use domain::port::cursors::Progress;
use domain::port::{CursorStore, Messages, Rooms};
use domain::{MessageId, Seq, UserId};

use crate::access::readable;
use crate::{Caller, Error, Ports, Receipts};

/// How many of a room's members are looked at. In greater rooms, receipts tell of the first ones.
const LOOKED_AT: usize = 1_000;

/// Shows members who else has a message, worked out from their cursors.
pub struct ReadReceipts {
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    cursors: Arc<dyn CursorStore>,
}

impl ReadReceipts {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            cursors: Arc::clone(&ports.cursors),
        }
    }

    /// Whom the message has reached, without its sender.
    pub async fn run(&self, caller: &Caller, id: MessageId) -> Result<Receipts, Error> {
        let (message, inside) = readable(&*self.rooms, &*self.messages, id, caller.user).await?;
        let others = self
            .cursors
            .progress(inside.room.id, message.sender, LOOKED_AT)
            .await?;
        Ok(receipts(message.seq, &others))
    }
}

fn receipts(seq: Seq, others: &[Progress]) -> Receipts {
    // Cursors of those who joined later stand beyond messages that they cannot read.
    let readers = || others.iter().filter(|member| member.from_seq < seq);
    let users = |reached: fn(&Progress) -> Seq| -> Vec<UserId> {
        readers()
            .filter(|member| reached(member) >= seq)
            .map(|member| member.user)
            .collect()
    };
    Receipts {
        delivered_to: users(|member| member.cursors.delivered),
        read_by: users(|member| member.cursors.read),
    }
}
