//! Where the hub looks up what no hint told it of.

use async_trait::async_trait;
use domain::port::room_log::Head;
use domain::{Epoch, Failure, Rev, RoomId};

use crate::event::Change;
use crate::frame::Frame;

/// What changed in a room, as the store says.
pub struct Stretch {
    /// By rev.
    pub changes: Vec<Change>,
    /// Everything up to this rev is in it, or superseded by something later.
    pub up_to: Rev,
    /// Whether there is more.
    pub more: bool,
}

/// Where the hub looks up what no hint told it of.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What changed in a room after a rev, at most so many things; nothing when the room is gone.
    async fn since(&self, room: RoomId, rev: Rev, limit: usize)
    -> Result<Option<Stretch>, Failure>;

    /// Where rooms stand. Those that are gone are left out.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure>;

    /// The store's incarnation.
    async fn epoch(&self) -> Result<Epoch, Failure>;

    /// What listeners of a room that is gone are told.
    fn gone(&self, room: RoomId) -> Frame;
}
