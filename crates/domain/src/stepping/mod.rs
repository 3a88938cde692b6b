//! What the steps of a decision do to a room, for every store alike.
//!
//! A store asks [`cast`] whose memberships the steps need, shows them to [`carry_out`], and keeps the
//! [`Changes`] that this answers with, all under the room's lock.

mod cast;
mod changes;
mod stage;

pub use cast::cast;
pub use changes::{BanChange, Changes, InviteChange};
pub use stage::carry_out;
