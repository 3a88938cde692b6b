//! Messages.

mod amend;
mod delete_message;
mod draft;
mod edit_message;
mod group_commit;
mod mentions;
mod move_cursors;
mod notify;
mod one_at_a_time;
mod pin;
mod place;
mod post_message;
mod react;
mod read_history;
mod read_message;
mod read_numbered;
mod read_receipts;
mod read_replies;
mod search_messages;
mod standings;

#[cfg(test)]
mod tests;

pub use delete_message::DeleteMessage;
pub use edit_message::EditMessage;
pub use group_commit::{GroupCommit, GroupCommitOptions};
pub(crate) use mentions::names_person;
pub use move_cursors::{CursorKind, MoveCursors, Reading, UpTo};
pub use pin::Pin;
pub use post_message::{NewPost, PostMessage};
pub use react::React;
pub use read_history::{ReadHistory, Stretch};
pub use read_message::ReadMessage;
pub use read_numbered::ReadNumbered;
pub use read_receipts::ReadReceipts;
pub use read_replies::ReadReplies;
pub use search_messages::{MessageSearch, SearchMessages};
pub use standings::Standings;
