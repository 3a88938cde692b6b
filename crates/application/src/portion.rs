//! How much one answer may hold.

use domain::Rev;
use domain::port::room_log::Changes;

/// The maximum length of a list without pages.
pub(crate) const MOST: usize = 1_000;

/// How many bytes of text one answer holds beyond its first message. A thousand messages of maximum
/// length would be more than a server should buffer for each reader.
pub(crate) const MAX_TEXT: usize = 1024 * 1024;

/// Truncates changes, keeping the lowest revs, so that their text fits into one answer.
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
