//! On which devices people want to be told while they have no connection.

mod desk;

pub use desk::PushDesk;
