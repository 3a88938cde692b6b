//! Finding the members that a text mentions.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::Members;
use domain::{Failure, Message, MessageBody, RoomId, UserId, Username};

use crate::Ports;

/// How many candidate names of one text are looked up. Most of what follows an `@` is no username.
const MAX_NAMES: usize = 200;

/// Finds the members whom a text mentions.
#[derive(Clone)]
pub(super) struct Mentions {
    members: Arc<dyn Members>,
}

impl Mentions {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
        }
    }

    /// The members of the room whom the author mentions, in the order of the text, each once and never
    /// the author.
    pub(super) async fn of(
        &self,
        body: &MessageBody,
        room: RoomId,
        author: UserId,
    ) -> Result<Vec<UserId>, Failure> {
        let names = names(body.as_str());
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut mentioned = self.members.named(room, &names).await?;
        mentioned.retain(|user| *user != author);
        mentioned.truncate(Message::MAX_MENTIONS);
        Ok(mentioned)
    }
}

/// Whether a text may mention this person.
pub(crate) fn names_person(text: &str, person: &Username) -> bool {
    let key = person.key();
    text.contains('@') && names(text).iter().any(|name| name.key() == key)
}

/// The usernames a text may mention: after each `@` the longest run of username characters, and, since
/// a name may end with a full stop or a hyphen just like a sentence, also that run with trailing ones
/// dropped.
fn names(text: &str) -> Vec<Username> {
    let mut seen: HashSet<String> = HashSet::new();
    runs(text)
        .flat_map(spellings)
        .filter(|name| seen.insert(name.key()))
        .take(MAX_NAMES)
        .collect()
}

/// The text after each `@` that is not inside a word, as in an e-mail address.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(index, sign)| {
        let (before, rest) = (text.get(..index)?, text.get(index + sign.len()..)?);
        let run = rest.split(|c| !belongs(c)).next()?;
        (!before.ends_with(belongs)).then_some(run)
    })
}

/// The usernames that a run may contain, the longest first. At most [`Username::MAX`] characters are
/// considered, however many full stops follow.
fn spellings(run: &str) -> impl Iterator<Item = Username> {
    let shortest = run.trim_end_matches(['.', '-']).len();
    let longest = run.len().min(Username::MAX);
    (shortest..=longest)
        .rev()
        .filter_map(|length| Username::parse(run.get(..length)?).ok())
}

fn belongs(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        names(text).iter().map(|n| n.as_str().to_owned()).collect()
    }

    #[test]
    fn a_name_is_the_longest_run_after_the_sign() {
        assert_eq!(found("hi @ana_9, and (@Ben)!"), ["ana_9", "Ben"]);
    }

    #[test]
    fn punctuation_at_the_end_may_belong_to_the_name_or_not() {
        assert_eq!(found("ask @ana.b.."), ["ana.b..", "ana.b.", "ana.b"]);
        assert_eq!(found("@ben- or not"), ["ben-", "ben"]);
    }

    #[test]
    fn a_long_row_of_stops_is_no_long_search() {
        let stops = ".".repeat(7_000);
        let names = found(&format!("@ana{stops} @{stops}"));
        assert_eq!(names.len(), 2 * Username::MAX - 4);
        assert_eq!(names.get(Username::MAX - 3).unwrap(), "ana");
    }

    #[test]
    fn an_email_address_mentions_nobody() {
        assert_eq!(found("write to ana@example.org"), [""; 0]);
    }

    #[test]
    fn names_too_short_or_too_long_are_nobodys() {
        assert_eq!(found("@ab @ @@ @ñandú"), [""; 0]);
        assert_eq!(found(&format!("@{}", "a".repeat(33))), [""; 0]);
    }

    #[test]
    fn a_name_counts_once_in_any_case() {
        assert_eq!(found("@Ana @ana @ANA"), ["Ana"]);
    }

    #[test]
    fn names_are_bounded() {
        use std::fmt::Write as _;
        let mut text = String::new();
        for number in 100..500 {
            write!(text, "@n{number} ").unwrap();
        }
        assert_eq!(found(&text).len(), MAX_NAMES);
    }
}
