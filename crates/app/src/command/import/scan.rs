//! A first pass over an export: whether it can be read, how large it is, and who posts in it.

use std::collections::{HashMap, HashSet};

use domain::Timestamp;

use super::slack::{Archive, Channel, Said, User};

/// What there is to import.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The number of messages.
    pub(super) messages: u64,
    /// Everybody: those listed, and those who post without being listed.
    pub(super) users: Vec<User>,
    /// The first message of each channel, by the channel's id.
    channels: HashMap<String, Begin>,
}

/// The first message of a channel.
#[derive(Clone, Debug)]
struct Begin {
    at: Timestamp,
    speaker: String,
}

impl Scan {
    /// Reads every file once, so that an unreadable one is reported before anything is imported.
    pub(super) fn of(archive: &Archive) -> anyhow::Result<Self> {
        let mut scan = Self {
            users: archive.users.clone(),
            ..Self::default()
        };
        let mut known: HashSet<String> = HashSet::new();
        for user in &archive.users {
            known.insert(user.id.clone());
            known.extend(user.profile.bot_id.clone());
        }
        for channel in &archive.channels {
            for day in archive.days(channel)? {
                scan.note_all(channel, &Archive::said(&day)?, &mut known);
            }
        }
        Ok(scan)
    }

    fn note_all(&mut self, channel: &Channel, said: &[Said], known: &mut HashSet<String>) {
        for one in said {
            self.note(channel, one, known);
        }
    }

    fn note(&mut self, channel: &Channel, said: &Said, known: &mut HashSet<String>) {
        self.messages = self.messages.saturating_add(1);
        let Some(speaker) = said.speaker() else {
            return;
        };
        let begin = || Begin {
            at: said.ts.at(),
            speaker: speaker.id.clone(),
        };
        self.channels
            .entry(channel.id.clone())
            .or_insert_with(begin);
        if known.insert(speaker.id.clone()) {
            self.users.push(User::unlisted(speaker));
        }
    }

    /// When a channel was created; if it does not say so, when its first message was posted.
    pub(super) fn created(&self, channel: &Channel) -> Timestamp {
        let begin = self.channels.get(&channel.id).map(|begin| begin.at);
        let created = channel.created().or(begin);
        created.unwrap_or_else(|| Timestamp::from_millis(0))
    }

    /// Who posted first in a channel.
    pub(super) fn first_speaker(&self, channel: &Channel) -> Option<&str> {
        let begin = self.channels.get(&channel.id)?;
        Some(&begin.speaker)
    }
}
