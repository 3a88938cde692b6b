//! The effect of a decision's steps on a room, the same for every store.
//!
//! Under the room's lock, a store asks [`cast`] whose memberships the steps need, passes them to
//! [`carry_out`], and writes the [`Changes`] that it returns.

mod cast;
mod changes;
mod stage;

pub use cast::cast;
pub use changes::{BanChange, Changes, InviteChange};
pub use stage::carry_out;
