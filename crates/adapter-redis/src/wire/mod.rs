//! The wire format of notices between nodes, which may run different versions.
//!
//! Each type mirrors one of the domain's and has the same name. All input goes through the domain's own
//! parsers. These changes need no new version of the envelope: adding a field, provided that a reader
//! that ignores it loses nothing that it cannot get from the store; adding a kind, which older nodes
//! take for a gap; and removing a field that no node reads any longer.

mod change;
mod media;
mod membership;
mod message;
mod notice;
mod room;
mod unreadable;

pub(crate) use notice::Notice;
pub(crate) use unreadable::Unreadable;
