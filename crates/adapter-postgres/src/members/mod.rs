//! Reading who belongs where, and what members settle for themselves.

mod circles;
mod companions;
mod living;
mod mentions;
mod passages;
mod peers;
mod port;
mod room;
mod rosters;
