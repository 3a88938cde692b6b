//! What is known of sessions without asking their store.

use domain::{SessionId, Timestamp};

use super::decorator::MAX_AGE;
use crate::recent::{Recent, is_believed};

/// What is known of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It lived when it was asked about, after so much had been heard.
    Alive { until: Timestamp, after: Hearsay },
    /// It has ended, which is for good.
    Ended,
}

/// How often it was found that notices were missed. What was learnt before the last time is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hearsay(u64);

/// A bounded memory of which sessions live and which have ended.
pub(super) struct KnownSessions {
    sessions: Recent<SessionId, Known>,
    hearsay: Hearsay,
}

impl KnownSessions {
    /// A memory of at least so many sessions.
    pub(super) fn of(half: usize) -> Self {
        Self {
            sessions: Recent::of(half),
            hearsay: Hearsay(0),
        }
    }

    /// Takes out the sessions that live for certain, and those that must be asked about. Those that
    /// have ended are neither.
    pub(super) fn sort_out(
        &self,
        ids: &[SessionId],
        now: Timestamp,
    ) -> (Vec<SessionId>, Vec<SessionId>) {
        let mut alive = Vec::with_capacity(ids.len());
        let mut unsure = Vec::new();
        for id in ids {
            match self.sessions.find(id) {
                Some(Known::Alive { until, after })
                    if is_believed(*until, MAX_AGE, now) && *after == self.hearsay =>
                {
                    alive.push(*id);
                }
                Some(Known::Ended) => {}
                Some(Known::Alive { .. }) | None => unsure.push(*id),
            }
        }
        (alive, unsure)
    }

    /// Those of these that are not known to have ended.
    pub(super) fn last_known_alive(&self, mut ids: Vec<SessionId>) -> Vec<SessionId> {
        ids.retain(|id| !self.has_ended(*id));
        ids
    }

    /// Takes in which of the sessions asked about live. An end that was heard of meanwhile stays.
    pub(super) fn learn(
        &mut self,
        asked: &[SessionId],
        alive: &[SessionId],
        after: Hearsay,
        until: Timestamp,
    ) {
        for id in asked {
            if !alive.contains(id) {
                self.sessions.keep(*id, Known::Ended);
            } else if !self.has_ended(*id) {
                self.sessions.keep(*id, Known::Alive { until, after });
            }
        }
    }

    /// Sessions have ended.
    pub(super) fn end(&mut self, ids: &[SessionId]) {
        for id in ids {
            self.sessions.keep(*id, Known::Ended);
        }
    }

    /// Notices were missed: whatever was alive may have ended.
    pub(super) fn doubt_all(&mut self) {
        self.hearsay.0 += 1;
    }

    /// What has been heard so far, to be handed back with what is learnt.
    pub(super) const fn hearsay(&self) -> Hearsay {
        self.hearsay
    }

    fn has_ended(&self, id: SessionId) -> bool {
        matches!(self.sessions.find(&id), Some(Known::Ended))
    }
}
