//! Notices as they travel between nodes, which may be of different versions.
//!
//! Each type mirrors one of the domain's and has its name. Whatever comes in goes through the
//! domain's own parsers. What may change without a new version of the letter: a field may be added
//! where a reader that lacks it loses nothing that cannot be asked of the store, and a kind may be
//! added, which older nodes take for a gap. A field may be dropped once no node reads it.

mod change;
mod media;
mod membership;
mod message;
mod notice;
mod room;
mod unreadable;

pub(crate) use notice::Notice;
pub(crate) use unreadable::Unreadable;
