//! On which devices users want to be notified while they are not connected.

mod desk;

pub use desk::PushDesk;
