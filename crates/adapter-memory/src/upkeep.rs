//! Clearing what is no longer reachable.

use async_trait::async_trait;
use domain::port::Upkeep;
use domain::{Failure, RoomId, Timestamp};

use crate::MemoryStore;
use crate::state::{MessageRow, State};

#[async_trait]
impl Upkeep for MemoryStore {
    async fn clear(&self, _now: Timestamp, limit: usize) -> Result<usize, Failure> {
        let mut state = self.state();
        let mut removed = 0;
        while removed < limit && state.clear_row().is_some() {
            removed += 1;
        }
        Ok(removed)
    }
}

impl State {
    /// Removes one row of the first deleted room; the room's own row comes last.
    ///
    /// Its uploads stay: they are orphans now, and their bytes have to be deleted before their rows.
    fn clear_row(&mut self) -> Option<()> {
        let mut entry = self.gone.first_entry()?;
        let room = *entry.key();
        let row = entry.get_mut();
        if let Some((_, message)) = row.log.pop_last() {
            self.forget(&message);
        } else if let Some((user, _)) = row.members.pop_first() {
            if let Some(rooms) = self.belonging.get_mut(&user) {
                rooms.remove(&room);
            }
        } else if row.bans.pop_first().is_none() {
            self.clear_invite_or_room(room);
        }
        Some(())
    }

    fn forget(&mut self, row: &MessageRow) {
        let message = &row.message;
        self.places.remove(&message.id);
        let Some(client) = message.client_id else {
            return;
        };
        let key = (message.sender, client);
        // The client id may have been used again since the room was deleted.
        if self.sent.get(&key).is_some_and(|(id, _)| *id == message.id) {
            self.sent.remove(&key);
        }
    }

    fn clear_invite_or_room(&mut self, room: RoomId) {
        let mut invites = self.invites.values();
        if let Some(invite) = invites.find(|invite| invite.room == room) {
            let code = invite.code.clone();
            self.invites.remove(&code);
        } else {
            self.gone.remove(&room);
            self.directs.retain(|_, direct| *direct != room);
        }
    }
}
