//! Imports messages into rooms.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use anyhow::bail;
use domain::port::messages::{
    Amended, Amendment, Appended, Change, Fingerprint, NewMessage, ReplyTo,
};
use domain::{ClientId, Emoji, Message, MessageBody, MessageId, RoomId, Seq, Timestamp, UserId};
use futures::stream::{self, StreamExt as _};

use super::ids::{hash, id};
use super::people::People;
use super::pieces::pieces;
use super::slack::{Channel, Markup, Moment, Said, emoji};
use crate::wiring::House;

/// Marks an edited message between its first commit and its second one, which removes the mark and
/// thereby records when the message was edited.
const CHANGED: &str = "\n(edited)";

/// For how many messages reactions are imported at once: each reaction is a commit of its own.
const AT_ONCE: usize = 16;

/// The outcome so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) brought: usize,
    /// Messages that an earlier import had stored.
    pub(super) known: usize,
    /// Reactions with custom emoji, or of unknown people.
    pub(super) reactions_lost: usize,
}

/// A channel that is being imported into a room.
pub(super) struct Talk<'a> {
    pub(super) house: &'a House,
    pub(super) people: &'a People,
    pub(super) markup: &'a Markup,
    pub(super) channel: &'a Channel,
    pub(super) room: RoomId,
    pub(super) members: HashSet<UserId>,
    /// Everything up to here was imported earlier, with all that belongs to it.
    pub(super) complete: Option<Moment>,
    /// The messages so far. A reply to one that the export lacks becomes a message of its own.
    pub(super) seen: BTreeSet<MessageId>,
    /// The seq of the room's first message that did not come from an import, as far as known.
    pub(super) next: Seq,
}

impl Talk<'_> {
    /// Imports a batch of messages, in chronological order, with all that belongs to them.
    pub(super) async fn bring(&mut self, some: &[Said], tally: &mut Tally) -> anyhow::Result<()> {
        let mut messages = Vec::with_capacity(some.len());
        for one in some {
            let said = self.messages(one);
            self.seen.extend(said.first().map(|first| first.id));
            messages.extend(said);
        }
        let fresh = self.store(&messages, some, tally).await?;
        // Reactions to messages that were complete before may have been removed since.
        let complete = |one: &Said| self.complete.as_ref().is_some_and(|it| one.ts <= *it);
        let trimmings = some.iter().filter_map(|one| {
            let first = self.message_id(&one.ts);
            let wanting = fresh.contains(&first) || !complete(one);
            (self.seen.contains(&first) && wanting).then(|| self.trim(one, first))
        });
        let mut lost = stream::iter(trimmings).buffer_unordered(AT_ONCE);
        while let Some(lost) = lost.next().await {
            tally.reactions_lost = tally.reactions_lost.saturating_add(lost?);
        }
        Ok(())
    }

    /// Stores messages, and returns those that are new.
    async fn store(
        &mut self,
        messages: &[NewMessage],
        some: &[Said],
        tally: &mut Tally,
    ) -> anyhow::Result<BTreeSet<MessageId>> {
        let mut fresh = BTreeSet::new();
        if messages.is_empty() {
            return Ok(fresh);
        }
        let mut stored = Vec::with_capacity(messages.len());
        let answers = self.house.ports.messages.append(messages).await?;
        for (message, answer) in messages.iter().zip(answers) {
            match answer {
                Appended::Stored(now) => {
                    fresh.insert(message.id);
                    tally.brought = tally.brought.saturating_add(1);
                    stored.push(now.message);
                }
                Appended::Duplicate(now) => {
                    tally.known = tally.known.saturating_add(1);
                    stored.push(*now);
                }
                // It was imported into another room, from another export.
                Appended::Conflict => tally.known = tally.known.saturating_add(1),
                Appended::NoRoom | Appended::Unattachable => {
                    bail!("a room was deleted while its messages were imported");
                }
            }
        }
        for message in &stored {
            if message.seq == self.next {
                self.next = self.next.next();
            }
        }
        self.finish_changes(&stored, some).await?;
        Ok(fresh)
    }

    /// Removes the marks of edited messages, and thereby records when they were edited.
    async fn finish_changes(&self, stored: &[Message], some: &[Said]) -> anyhow::Result<()> {
        for said in some {
            let (Some(edited), first) = (&said.edited, self.message_id(&said.ts)) else {
                continue;
            };
            let Some(message) = stored.iter().find(|message| message.id == first) else {
                continue;
            };
            let text = message
                .body
                .as_ref()
                .filter(|_| message.edited_at.is_none());
            // It may have been edited here since.
            let text = text.and_then(|it| it.as_str().strip_suffix(CHANGED));
            let Some(Ok(body)) = text.map(MessageBody::parse) else {
                continue;
            };
            let mentions = message.mentions.clone();
            let change = Change::Edit { body, mentions };
            self.amend(first, message.sender, edited.ts.at(), change)
                .await?;
        }
        Ok(())
    }

    /// A message, or several if its text is too long for one.
    fn messages(&self, said: &Said) -> Vec<NewMessage> {
        let speaker = said
            .speaker()
            .and_then(|speaker| self.people.id(&speaker.id));
        let Some(sender) = speaker else {
            return Vec::new();
        };
        let at = said.ts.at();
        let mentions = self.mentions(said, sender);
        let mut pieces = pieces(&self.text(said));
        if let (Some(_), Some(first)) = (&said.edited, pieces.first_mut()) {
            let room = MessageBody::MAX.saturating_sub(CHANGED.len());
            if first.chars().count() <= room {
                first.truncate(first.trim_end().len());
                first.push_str(CHANGED);
            }
        }
        let message = |(place, text): (usize, String)| {
            let part = place.to_string();
            let names = ["slack", &*self.channel.id, said.ts.name(), &*part];
            let client: ClientId = id(at, &names);
            let first = place == 0;
            Some(NewMessage {
                id: if first {
                    self.message_id(&said.ts)
                } else {
                    id(at, &names)
                },
                room: self.room,
                sender,
                body: MessageBody::parse(text).ok()?,
                client: Some((client, Fingerprint(hash(&names)))),
                reply_to: self.reply_to(said),
                attachments: Vec::new(),
                mentions: if first { mentions.clone() } else { Vec::new() },
                at,
                events: Vec::new(),
                only_for_webhooks: false,
            })
        };
        pieces.into_iter().enumerate().filter_map(message).collect()
    }

    fn text(&self, said: &Said) -> String {
        let mut text = self.markup.plain(&said.words()).replace('\0', "\u{fffd}");
        for file in &said.files {
            let name = file.name.as_deref().unwrap_or("without a name");
            if !text.is_empty() {
                text.push('\n');
            }
            // Writing to a string cannot fail.
            let _infallible = write!(text, "[file: {}]", name.replace('\0', ""));
        }
        text
    }

    fn mentions(&self, said: &Said, sender: UserId) -> Vec<UserId> {
        let people = Markup::mentioned(&said.text).filter_map(|user| self.people.id(user));
        let there = people.filter(|user| *user != sender && self.members.contains(user));
        let mentioned: BTreeSet<UserId> = there.collect();
        mentioned.into_iter().take(Message::MAX_MENTIONS).collect()
    }

    fn reply_to(&self, said: &Said) -> Option<ReplyTo> {
        let first = said.thread_ts.as_ref().filter(|first| **first != said.ts)?;
        let message = self.message_id(first);
        self.seen.contains(&message).then_some(ReplyTo {
            message,
            thread: message,
        })
    }

    fn message_id(&self, name: &Moment) -> MessageId {
        id(name.at(), &["slack", &self.channel.id, name.name()])
    }

    /// Adds what belongs to a message besides its text. Returns how many reactions were lost.
    async fn trim(&self, said: &Said, message: MessageId) -> anyhow::Result<usize> {
        let (at, mut lost) = (said.ts.at(), 0usize);
        for reaction in &said.reactions {
            let emoji = emoji(&reaction.name);
            for user in &reaction.users {
                let known = emoji.clone().zip(self.people.id(user));
                let done = self.react(message, known, at).await?;
                lost = lost.saturating_add(usize::from(!done));
            }
        }
        if self.channel.is_pinned(&said.ts)
            && let Some(by) = said.speaker().and_then(|it| self.people.id(&it.id))
        {
            let change = Change::Pin { on: true };
            self.amend(message, by, at, change).await?;
        }
        Ok(lost)
    }

    async fn react(
        &self,
        message: MessageId,
        known: Option<(Emoji, UserId)>,
        at: Timestamp,
    ) -> anyhow::Result<bool> {
        let Some((emoji, by)) = known else {
            return Ok(false);
        };
        let change = Change::React { emoji, on: true };
        self.amend(message, by, at, change).await
    }

    /// Changes a message. Returns whether it now has the change.
    async fn amend(
        &self,
        message: MessageId,
        by: UserId,
        at: Timestamp,
        change: Change,
    ) -> anyhow::Result<bool> {
        let amendment = Amendment {
            message,
            room: self.room,
            by,
            at,
            change,
            events: Vec::new(),
        };
        let amended = self.house.ports.messages.amend(&amendment).await?;
        Ok(match amended {
            Amended::Changed(_) | Amended::Unchanged(_) => true,
            Amended::Deleted | Amended::TooManyReactions | Amended::Unknown => false,
        })
    }
}
