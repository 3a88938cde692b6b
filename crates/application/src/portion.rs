//! How much one answer holds.

use domain::Rev;
use domain::port::room_log::Changes;

/// How many things a list holds that has no pages.
pub(crate) const MOST: usize = 1_000;

/// How many bytes of text one answer holds, beyond its first message: a thousand of the longest
/// messages would be more than a server wants to hold for each who asks.
pub(crate) const MAX_TEXT: usize = 1024 * 1024;

/// As many of the changes, the lowest revs first, as their texts have place in one answer.
pub(crate) fn bounded(mut changes: Changes) -> Changes {
    let mut place = MAX_TEXT;
    let mut before: Option<Rev> = None;
    for message in &changes.messages {
        let size = message.body.as_ref().map_or(0, |body| body.as_str().len());
        match (place.checked_sub(size), before) {
            (None, Some(last)) => {
                changes.up_to = last;
                changes.more = true;
                break;
            }
            (left, _) => place = left.unwrap_or(0),
        }
        before = Some(message.rev);
    }
    let up_to = changes.up_to;
    changes.messages.retain(|message| message.rev <= up_to);
    changes.members.retain(|member| member.rev <= up_to);
    changes.room = changes.room.filter(|room| room.rev <= up_to);
    changes
}
