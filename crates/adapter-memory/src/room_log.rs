//! What changed in a room since a rev.

use std::num::NonZeroU32;
use std::ops::Bound::{Excluded, Unbounded};

use async_trait::async_trait;
use domain::port::RoomLog;
use domain::port::messages::View;
use domain::port::room_log::{Changes, Head, Stretch};
use domain::{Epoch, Failure, Rev, RoomId, Seq};

use crate::MemoryStore;
use crate::state::{RoomRow, State, Subject};

#[async_trait]
impl RoomLog for MemoryStore {
    async fn changes(
        &self,
        view: &View,
        since: Rev,
        limit: usize,
    ) -> Result<Option<Changes>, Failure> {
        Ok(self.state().changes(view, since, limit))
    }

    async fn heads(&self, rooms: &[RoomId]) -> Result<Vec<Head>, Failure> {
        let state = self.state();
        let rows = rooms.iter().filter_map(|id| state.rooms.get(id));
        Ok(rows
            .map(|row| Head {
                room: row.room.id,
                seq: row.room.last_seq,
                rev: row.room.last_rev,
            })
            .collect())
    }

    async fn stretches(
        &self,
        room: RoomId,
        (after, up_to): (Seq, Seq),
        places: NonZeroU32,
    ) -> Result<Vec<Stretch>, Failure> {
        let state = self.state();
        let row = state.rooms.get(&room);
        Ok(row.map_or_else(Vec::new, |row| stretches(row, after, up_to, places)))
    }

    async fn epoch(&self) -> Result<Epoch, Failure> {
        Ok(self.state().epoch.clone())
    }
}

fn stretches(row: &RoomRow, after: Seq, up_to: Seq, places: NonZeroU32) -> Vec<Stretch> {
    let places = i64::from(places.get());
    let mut stretches: Vec<Stretch> = Vec::new();
    let rising = row.log.range((Excluded(after), Unbounded));
    for (seq, kept) in rising.take_while(|(seq, _)| **seq <= up_to) {
        let (number, rev) = (seq.get().saturating_sub(1) / places, kept.message.rev);
        match stretches.last_mut().filter(|last| last.number == number) {
            Some(last) => last.rev = last.rev.max(rev),
            None => stretches.push(Stretch { number, rev }),
        }
    }
    stretches
}

impl State {
    fn changes(&self, view: &View, since: Rev, limit: usize) -> Option<Changes> {
        let row = self.rooms.get(&view.room)?;
        let mut changes = Changes {
            messages: Vec::new(),
            members: Vec::new(),
            room: None,
            up_to: row.room.last_rev,
            more: false,
            last: row.room.last_rev,
        };
        let readable = row
            .revs
            .range((Excluded(since), Unbounded))
            .filter(|(_, subject)| match subject {
                Subject::Message(seq) => *seq > view.floor,
                Subject::Member(_) | Subject::Room => true,
            });
        let mut last = since;
        for (taken, (rev, subject)) in readable.enumerate() {
            if taken == limit {
                changes.up_to = last;
                changes.more = true;
                break;
            }
            last = *rev;
            match subject {
                Subject::Room => changes.room = Some(row.room.clone()),
                Subject::Member(user) => changes.members.extend(row.members.get(user).cloned()),
                Subject::Message(seq) => {
                    let message = row.log.get(seq);
                    let message = message.map(|row| self.show(row, view.reader));
                    changes.messages.extend(message);
                }
            }
        }
        Some(changes)
    }
}
