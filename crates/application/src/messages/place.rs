//! Resolving message ids to positions in a room's log.

use domain::port::Messages;
use domain::{FieldProblem, Message, MessageId, Refusal, Seq};

use crate::Error;
use crate::access::Inside;

/// The position of a message in this room that the member may read. Any other message is refused as if
/// it did not exist, so that nothing is revealed about other rooms.
pub(super) async fn place(
    messages: &dyn Messages,
    inside: &Inside,
    field: &'static str,
    id: MessageId,
) -> Result<Seq, Error> {
    let found = own(messages, inside, id).await?;
    let found = found.ok_or_else(|| Refusal::from(unknown(field)))?;
    Ok(found.seq)
}

/// A message of this room, if the member may read it.
pub(super) async fn own(
    messages: &dyn Messages,
    inside: &Inside,
    id: MessageId,
) -> Result<Option<Message>, Error> {
    let found = messages.find(&[id], inside.membership.user).await?.pop();
    Ok(found.filter(|message| message.room == inside.room.id && inside.reads(message.seq)))
}

pub(super) fn unknown(field: &'static str) -> FieldProblem {
    FieldProblem::new(field, "unknown", "must be a message of this room")
}
