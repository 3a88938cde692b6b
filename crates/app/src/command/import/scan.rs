//! A first look at all of an export: whether it can be read at all, how much it is, and who speaks in it.

use std::collections::{HashMap, HashSet};

use domain::Timestamp;

use super::slack::{Archive, Channel, Said, User};

/// What there is to bring in.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// How many messages.
    pub(super) messages: u64,
    /// Everybody: those who are listed, and those who speak without being so.
    pub(super) users: Vec<User>,
    /// By the ids of channels, what they say of themselves.
    channels: HashMap<String, Begin>,
}

/// How a channel begins.
#[derive(Clone, Debug)]
struct Begin {
    at: Timestamp,
    speaker: String,
}

impl Scan {
    /// Reads every file once, so that one that cannot be read is told before anything is brought in.
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

    /// When a channel was made: where it does not say so, when the first thing was said in it.
    pub(super) fn created(&self, channel: &Channel) -> Timestamp {
        let begin = self.channels.get(&channel.id).map(|begin| begin.at);
        let created = channel.created().or(begin);
        created.unwrap_or_else(|| Timestamp::from_millis(0))
    }

    /// Who was the first to speak in a channel.
    pub(super) fn first_speaker(&self, channel: &Channel) -> Option<&str> {
        let begin = self.channels.get(&channel.id)?;
        Some(&begin.speaker)
    }
}
