//! Reading the messages that a summary is made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::port::Messages;
use domain::port::messages::{View, Window};
use domain::port::summariser::Line;
use domain::{Failure, Message, Seq, User, UserId};

use super::plan::Span;
use super::range_summary::Said;
use crate::present::Names;

/// How many messages are read per query.
const PAGE: usize = 500;

/// How many messages that mention the reader are passed on verbatim, however old they are.
const MENTIONS: usize = 20;

/// Reads messages as lines for a summariser.
#[derive(Clone)]
pub(super) struct Reader {
    messages: Arc<dyn Messages>,
    names: Arc<Names>,
}

/// Messages as lines, with the counts of their authors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) lines: Vec<Line>,
    pub(super) said: Said,
}

impl Spoken {
    /// The same with earlier lines before it, which are already counted elsewhere.
    pub(super) fn after(self, mut lines: Vec<Line>) -> Self {
        lines.extend(self.lines);
        Self { lines, ..self }
    }
}

impl Reader {
    pub(super) fn new(messages: &Arc<dyn Messages>, names: &Arc<Names>) -> Self {
        Self {
            messages: Arc::clone(messages),
            names: Arc::clone(names),
        }
    }

    /// The messages of a span. Tombstones are skipped.
    pub(super) async fn read(&self, view: &View, span: Span) -> Result<Spoken, Failure> {
        let mut spoken = Spoken::default();
        let mut at = span.after;
        while at < span.up_to {
            let left = usize::try_from(span.up_to.after(at)).unwrap_or(PAGE);
            let window = Window::After(at);
            let mut page = self.messages.page(view, window, left.min(PAGE)).await?;
            page.retain(|message| span.holds(message.seq));
            let Some(last) = page.last().map(|message| message.seq) else {
                break;
            };
            self.add(&mut spoken, page).await?;
            at = last;
        }
        spoken.said = spoken.said.bounded();
        Ok(spoken)
    }

    /// The last messages of a view that mention its reader, up to and including a position.
    pub(super) async fn mentioning(&self, view: &View, up_to: Seq) -> Result<Vec<Line>, Failure> {
        let found = self.messages.mentioning(view, up_to, MENTIONS).await?;
        let mut spoken = Spoken::default();
        self.add(&mut spoken, found).await?;
        Ok(spoken.lines)
    }

    /// The first message after a position.
    pub(super) async fn first_after(
        &self,
        view: &View,
        place: Seq,
    ) -> Result<Option<Message>, Failure> {
        let mut page = self.messages.page(view, Window::After(place), 1).await?;
        Ok(page.pop())
    }

    /// Which of the authors have deleted their account.
    pub(super) async fn nameless(&self, said: &Said) -> Result<BTreeSet<UserId>, Failure> {
        let mut speakers: BTreeSet<_> = said.speakers.keys().copied().collect();
        let people = self.names.of(&speakers).await?;
        speakers.retain(|speaker| !people.get(speaker).is_some_and(has_name));
        Ok(speakers)
    }

    async fn add(&self, spoken: &mut Spoken, page: Vec<Message>) -> Result<(), Failure> {
        let senders: BTreeSet<_> = page.iter().map(|message| message.sender).collect();
        let people = self.names.of(&senders).await?;
        for message in page {
            let Some(body) = message.body else {
                continue;
            };
            let speaker = people.get(&message.sender);
            spoken.said.add(message.sender);
            if !speaker.is_some_and(has_name) {
                spoken.said.nameless.insert(message.sender);
            }
            spoken.lines.push(Line {
                seq: message.seq,
                speaker: speaker
                    .map_or_else(String::new, |user| user.display_name.as_str().to_owned()),
                at: message.created_at,
                text: body.as_str().to_owned(),
            });
        }
        Ok(())
    }
}

fn has_name(user: &Arc<User>) -> bool {
    user.erased_at.is_none()
}
