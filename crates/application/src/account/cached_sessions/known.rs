//! What is known about sessions without asking their store.

use domain::{SessionId, Timestamp};

use super::decorator::MAX_AGE;
use crate::recent::{Recent, is_believed};

/// What is known about one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionState {
    /// It was live when last checked, at the given count of gaps.
    Alive { until: Timestamp, after: Hearsay },
    /// It has ended, permanently.
    Ended,
}

/// How many gaps in the notices have been detected. Anything learnt before the last gap is in
/// doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hearsay(u64);

/// A bounded record of which sessions are live and which have ended.
pub(super) struct KnownSessions {
    sessions: Recent<SessionId, SessionState>,
    hearsay: Hearsay,
}

impl KnownSessions {
    /// A record of at least `half` sessions.
    pub(super) fn of(half: usize) -> Self {
        Self {
            sessions: Recent::of(half),
            hearsay: Hearsay(0),
        }
    }

    /// Splits off the sessions that are certainly live, and those that the store must be asked
    /// about. Ended sessions are in neither list.
    pub(super) fn sort_out(
        &self,
        ids: &[SessionId],
        now: Timestamp,
    ) -> (Vec<SessionId>, Vec<SessionId>) {
        let mut alive = Vec::with_capacity(ids.len());
        let mut unsure = Vec::new();
        for id in ids {
            match self.sessions.find(id) {
                Some(SessionState::Alive { until, after })
                    if is_believed(*until, MAX_AGE, now) && *after == self.hearsay =>
                {
                    alive.push(*id);
                }
                Some(SessionState::Ended) => {}
                Some(SessionState::Alive { .. }) | None => unsure.push(*id),
            }
        }
        (alive, unsure)
    }

    /// The sessions among `ids` that are not known to have ended.
    pub(super) fn last_known_alive(&self, mut ids: Vec<SessionId>) -> Vec<SessionId> {
        ids.retain(|id| !self.has_ended(*id));
        ids
    }

    /// Records which of the queried sessions are live. An end that was reported meanwhile wins.
    pub(super) fn learn(
        &mut self,
        asked: &[SessionId],
        alive: &[SessionId],
        after: Hearsay,
        until: Timestamp,
    ) {
        for id in asked {
            if !alive.contains(id) {
                self.sessions.keep(*id, SessionState::Ended);
            } else if !self.has_ended(*id) {
                self.sessions
                    .keep(*id, SessionState::Alive { until, after });
            }
        }
    }

    /// Records that sessions have ended.
    pub(super) fn end(&mut self, ids: &[SessionId]) {
        for id in ids {
            self.sessions.keep(*id, SessionState::Ended);
        }
    }

    /// Notices were missed: any session thought to be live may have ended.
    pub(super) fn doubt_all(&mut self) {
        self.hearsay.0 += 1;
    }

    /// The current gap count, to be passed back with what is learnt.
    pub(super) const fn hearsay(&self) -> Hearsay {
        self.hearsay
    }

    fn has_ended(&self, id: SessionId) -> bool {
        matches!(self.sessions.find(&id), Some(SessionState::Ended))
    }
}
