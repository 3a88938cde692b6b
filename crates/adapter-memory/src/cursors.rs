//! Read and delivery cursors of members.

use async_trait::async_trait;
use domain::port::CursorStore;
use domain::port::cursors::{CursorMove, Floor, Moved, Progress};
use domain::{Cursors, Failure, Membership, RoomId, UserId};

use crate::MemoryStore;
use crate::state::{RoomRow, State};

#[async_trait]
impl CursorStore for MemoryStore {
    async fn advance(&self, change: &CursorMove) -> Result<Moved, Failure> {
        Ok(self.state().advance(change))
    }

    async fn progress(
        &self,
        room: RoomId,
        except: UserId,
        limit: usize,
    ) -> Result<Vec<Progress>, Failure> {
        let state = self.state();
        let rows = state.rooms.get(&room).into_iter();
        let others = rows.flat_map(|row| others(row, except));
        Ok(others.take(limit).map(progress).collect())
    }

    async fn floors(
        &self,
        rooms: &[RoomId],
        except: UserId,
    ) -> Result<Vec<(RoomId, Floor)>, Failure> {
        let state = self.state();
        Ok(rooms
            .iter()
            .filter_map(|id| Some((*id, floor(state.rooms.get(id)?, except)?)))
            .collect())
    }
}

impl State {
    fn advance(&mut self, change: &CursorMove) -> Moved {
        let Some(row) = self.rooms.get_mut(&change.room) else {
            return Moved::NotMember;
        };
        let last = row.room.last_seq;
        let Some(member) = row.member_mut(change.user) else {
            return Moved::NotMember;
        };
        if change.read.max(change.delivered) > Some(last) {
            return Moved::Beyond { last };
        }
        let before = member.cursors;
        member.cursors = before.moved(change.read, change.delivered);
        Moved::To {
            cursors: member.cursors,
            advanced: member.cursors != before,
        }
    }
}

fn others(row: &RoomRow, except: UserId) -> impl Iterator<Item = &Membership> {
    row.living().filter(move |member| member.user != except)
}

fn progress(member: &Membership) -> Progress {
    Progress {
        user: member.user,
        cursors: member.cursors,
        from_seq: member.from_seq,
    }
}

fn floor(row: &RoomRow, except: UserId) -> Option<Floor> {
    others(row, except)
        .map(|member| Floor {
            cursors: member.cursors,
            from_seq: member.from_seq,
        })
        .reduce(|one, other| Floor {
            cursors: Cursors {
                read: one.cursors.read.min(other.cursors.read),
                delivered: one.cursors.delivered.min(other.cursors.delivered),
            },
            from_seq: one.from_seq.min(other.from_seq),
        })
}
