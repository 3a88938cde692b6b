//! Reading memberships, and the settings that members change for themselves.

mod circles;
mod companions;
mod living;
mod mentions;
mod passages;
mod peers;
mod port;
mod room;
mod rosters;
