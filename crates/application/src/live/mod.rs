//! Everything that concerns live connections: delivering changes to clients, and tracking and
//! announcing presence.

mod attendance;
mod epoch;
mod feed;
mod leases;
mod log;
mod news;
mod retell;
mod roll;
mod room_presence;
mod sizes;
mod stays;
mod subscribe;
mod typing;
mod visits;

#[cfg(test)]
mod tests;

pub use attendance::{Attendance, RENEW_EVERY, SWEEP_EVERY};
pub use feed::Feed;
pub use log::Replay;
pub use retell::{Progress, Retell};
pub use room_presence::{RoomAttendance, RoomPresence};
pub use subscribe::{Admitted, Subscribe};
pub use typing::Typing;
pub use visits::Visits;
