//! Metadata of uploaded files.

use std::collections::HashSet;
use std::ops::Bound::{Excluded, Unbounded};

use async_trait::async_trait;
use domain::port::MediaStore;
use domain::port::media::{FileDigest, Filed, Findings, Hangs};
use domain::{Event, Failure, Media, MediaId, MediaStatus, Message, MessageId, Timestamp, UserId};

use crate::MemoryStore;
use crate::state::{MediaRow, State};

#[async_trait]
impl MediaStore for MemoryStore {
    async fn create(
        &self,
        media: &Media,
        digest: FileDigest,
        events: &[Event],
    ) -> Result<(), Failure> {
        let mut state = self.state();
        let breakage = |what: String| Err(Failure::lasting("media", "create", what));
        if let Some(stranger) = state.stranger([media.owner]) {
            return breakage(stranger);
        }
        if state.media.contains_key(&media.id) {
            return breakage(format!("the id {} is in use", media.id));
        }
        let row = MediaRow {
            media: media.clone(),
            digest,
            message: None,
        };
        state.media.insert(media.id, row);
        state.events.extend(events);
        Ok(())
    }

    async fn find(&self, ids: &[MediaId]) -> Result<Vec<Media>, Failure> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| state.media.get(id));
        Ok(found
            .filter(|row| state.stands(row.media.room))
            .map(|row| row.media.clone())
            .collect())
    }

    async fn filed(&self, id: MediaId) -> Result<Option<Filed>, Failure> {
        Ok(self.state().filed(id))
    }

    async fn conclude(
        &self,
        id: MediaId,
        findings: &Findings,
    ) -> Result<Option<(Media, Option<Message>)>, Failure> {
        Ok(self.state().conclude(id, findings))
    }

    async fn usage(&self, owner: UserId) -> Result<i64, Failure> {
        let state = self.state();
        let uploads = state.media.values().map(|row| &row.media);
        let kept =
            uploads.filter(|media| media.owner == owner && media.status != MediaStatus::Rejected);
        Ok(kept.fold(0, |sum, media| sum.saturating_add(media.size)))
    }

    async fn of_owner(
        &self,
        owner: UserId,
        after: Option<MediaId>,
        limit: usize,
    ) -> Result<Vec<Media>, Failure> {
        let state = self.state();
        let from = after.map_or(Unbounded, Excluded);
        let uploads = state.media.range((from, Unbounded));
        let uploads = uploads.map(|(_, row)| &row.media);
        let own = uploads.filter(|media| media.owner == owner && state.stands(media.room));
        Ok(own.take(limit).cloned().collect())
    }

    async fn orphans(&self, before: Timestamp, limit: usize) -> Result<Vec<MediaId>, Failure> {
        Ok(self.state().orphans(before, limit))
    }

    async fn remove(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, Failure> {
        let mut state = self.state();
        let mut removed: Vec<MediaId> = ids.to_vec();
        {
            let needed = state.needed();
            removed.retain(|id| state.media.get(id).is_some_and(|row| !needed(row)));
        }
        for id in &removed {
            state.media.remove(id);
        }
        Ok(removed)
    }
}

impl State {
    fn filed(&self, id: MediaId) -> Option<Filed> {
        let row = self.media.get(&id)?;
        let place = |bearer| self.places.get(&bearer).map(|(_, seq)| *seq);
        self.stands(row.media.room).then(|| Filed {
            media: row.media.clone(),
            digest: row.digest,
            hangs: match row.message {
                None => Hangs::Nowhere,
                Some(bearer) if self.hangs(bearer, id) => {
                    place(bearer).map_or(Hangs::NoMore, Hangs::On)
                }
                Some(_) => Hangs::NoMore,
            },
        })
    }

    fn conclude(&mut self, id: MediaId, findings: &Findings) -> Option<(Media, Option<Message>)> {
        let room = self.media.get(&id)?.media.room;
        if !self.stands(room) {
            return None;
        }
        let upload = self.media.get_mut(&id)?;
        if upload.media.status != MediaStatus::Processing {
            return None;
        }
        upload.media.status = findings.status;
        upload.media.dimensions = findings.dimensions;
        upload.media.thumbnail = findings.thumbnail;
        let media = upload.media.clone();
        let bearer = upload.message;
        let message = bearer.and_then(|bearer| self.touch_bearer(bearer, id));
        Some((media, message))
    }

    /// Gives the next rev to the message that an upload is attached to.
    fn touch_bearer(&mut self, bearer: MessageId, id: MediaId) -> Option<Message> {
        if !self.hangs(bearer, id) {
            return None;
        }
        let (room, seq) = self.places.get(&bearer).copied()?;
        self.rooms.get_mut(&room)?.touch_message(seq);
        let row = self.message(bearer)?;
        Some(self.show(row, row.message.sender))
    }

    /// Whether an upload is attached to a message now: not if the message or its room was deleted.
    fn hangs(&self, bearer: MessageId, id: MediaId) -> bool {
        self.message(bearer)
            .is_some_and(|row| row.attachments.contains(&id))
    }

    /// A predicate: whether an upload is attached to a message or is somebody's avatar.
    fn needed(&self) -> impl Fn(&MediaRow) -> bool {
        let avatars: HashSet<MediaId> = self
            .users
            .values()
            .filter_map(|row| row.user.avatar)
            .collect();
        move |row| {
            let id = row.media.id;
            avatars.contains(&id) || row.message.is_some_and(|bearer| self.hangs(bearer, id))
        }
    }

    fn orphans(&self, before: Timestamp, limit: usize) -> Vec<MediaId> {
        let needed = self.needed();
        let mut orphans: Vec<(Timestamp, MediaId)> = self
            .media
            .values()
            .filter(|row| row.media.created_at < before && !needed(row))
            .map(|row| (row.media.created_at, row.media.id))
            .collect();
        orphans.sort_unstable();
        orphans.into_iter().take(limit).map(|(_, id)| id).collect()
    }
}
