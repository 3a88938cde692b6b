//! Reading memberships, and the settings that members change for themselves.

mod companions;
mod living;
mod mentions;
mod peers;
mod port;
mod relations;
mod room;
mod rosters;
mod small_rooms;
