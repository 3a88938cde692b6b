//! Reading who belongs where, and what members settle for themselves.

mod companions;
mod mentions;
mod peers;
mod port;
mod room;
mod rosters;
