//! Where the hub reads what no hint announced.

use async_trait::async_trait;
use domain::port::room_log::Head;
use domain::{Epoch, Failure, Rev, RoomId};

use crate::event::Change;
use crate::frame::Frame;

/// What changed in a room, according to the store.
pub struct Stretch {
    /// In the order of their revs.
    pub changes: Vec<Change>,
    /// Everything up to this rev is included, or superseded by something later.
    pub up_to: Rev,
    /// Whether there is more.
    pub more: bool,
}

/// Where the hub reads what no hint announced.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// What changed in a room after a rev, at most `limit` changes; `None` if the room was deleted.
    async fn since(&self, room: RoomId, rev: Rev, limit: usize)
    -> Result<Option<Stretch>, Failure>;

    /// The heads of rooms. Deleted rooms are left out.
    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure>;

    /// The store's epoch, which changes when the store is replaced.
    async fn epoch(&self) -> Result<Epoch, Failure>;

    /// The frame that tells listeners of a room that it was deleted.
    fn gone(&self, room: RoomId) -> Frame;
}
