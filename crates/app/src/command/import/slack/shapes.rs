//! The parts of an export's JSON that matter here. Everything else is ignored, and `null` counts as
//! absent, because exports of different years differ.

use domain::Timestamp;
use serde::{Deserialize, Deserializer};

use super::moment::Moment;

/// A person.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct User {
    pub(in crate::command::import) id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) name: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) profile: Profile,
}

/// A person's profile.
#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::command::import) struct Profile {
    pub(in crate::command::import) email: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) display_name: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) real_name: String,
    /// The second id of a bot.
    pub(in crate::command::import) bot_id: Option<String>,
}

/// Which list a channel is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::command::import) enum Kind {
    #[default]
    Public,
    Private,
    /// Two people, or one person alone.
    Direct,
    /// Several people, without a name.
    Group,
}

/// A channel.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct Channel {
    pub(in crate::command::import) id: String,
    /// Direct channels have none.
    pub(in crate::command::import) name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    created: i64,
    pub(in crate::command::import) creator: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) is_archived: bool,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) members: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    purpose: Words,
    #[serde(default, deserialize_with = "nullable")]
    topic: Words,
    #[serde(default, deserialize_with = "nullable")]
    pins: Vec<Pin>,
    #[serde(skip)]
    pub(in crate::command::import) kind: Kind,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Words {
    #[serde(default, deserialize_with = "nullable")]
    value: String,
}

/// A pinned message, or something else that is pinned.
#[derive(Clone, Debug, Deserialize)]
struct Pin {
    #[serde(default, deserialize_with = "nullable")]
    id: String,
}

/// A message, or something else that happened.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct Said {
    #[serde(rename = "type", default, deserialize_with = "nullable")]
    kind: String,
    subtype: Option<String>,
    user: Option<String>,
    bot_id: Option<String>,
    username: Option<String>,
    user_profile: Option<Named>,
    bot_profile: Option<Named>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) text: String,
    pub(in crate::command::import) ts: Moment,
    /// The name of the first message of its thread.
    pub(in crate::command::import) thread_ts: Option<Moment>,
    pub(in crate::command::import) edited: Option<Edited>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) reactions: Vec<Reaction>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) files: Vec<File>,
    /// Attached cards. Bots often put all of their text there.
    #[serde(default, deserialize_with = "nullable")]
    attachments: Vec<Card>,
}

/// What a message says about its author.
#[derive(Clone, Debug, Default, Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "nullable")]
    display_name: String,
    #[serde(default, deserialize_with = "nullable")]
    real_name: String,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
}

/// When a message was edited.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct Edited {
    pub(in crate::command::import) ts: Moment,
}

/// A reaction, and who gave it.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct Reaction {
    pub(in crate::command::import) name: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::command::import) users: Vec<String>,
}

/// A file attached to a message. An export contains its URL, not its content.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::command::import) struct File {
    pub(in crate::command::import) name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Card {
    /// Set if the card is Slack's own preview of a link in the text.
    from_url: Option<String>,
    pretext: Option<String>,
    title: Option<String>,
    text: Option<String>,
    fallback: Option<String>,
}

/// The author of a message, with their name as far as the message has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::command::import) struct Speaker {
    pub(in crate::command::import) id: String,
    pub(in crate::command::import) name: String,
}

impl User {
    /// A person who posts without being in the list of people: from another workspace, or a bot.
    pub(in crate::command::import) fn unlisted(speaker: Speaker) -> Self {
        Self {
            id: speaker.id,
            name: String::new(),
            profile: Profile {
                display_name: speaker.name,
                ..Profile::default()
            },
        }
    }
}

impl Channel {
    /// When it was created, if known.
    pub(in crate::command::import) fn created(&self) -> Option<Timestamp> {
        Moment::seconds(self.created)
    }

    /// Its purpose, or else its topic.
    pub(in crate::command::import) fn purpose(&self) -> &str {
        let purposes = [&self.purpose.value, &self.topic.value];
        purposes
            .into_iter()
            .find(|it| !it.trim().is_empty())
            .map_or("", |it| it)
    }

    pub(in crate::command::import) fn is_pinned(&self, said: &Moment) -> bool {
        self.pins.iter().any(|pin| pin.id == said.name())
    }

    /// The folder of its messages.
    pub(super) fn folder(&self) -> &str {
        match (self.kind, &self.name) {
            (Kind::Direct, _) | (_, None) => &self.id,
            (Kind::Public | Kind::Private | Kind::Group, Some(name)) => name,
        }
    }
}

impl Said {
    /// Whether it is a message: joining, leaving and renaming are not.
    pub(in crate::command::import) fn is_speech(&self) -> bool {
        let speech = matches!(
            self.subtype.as_deref(),
            None | Some(
                "bot_message"
                    | "file_comment"
                    | "file_share"
                    | "me_message"
                    | "reply_broadcast"
                    | "slackbot_response"
                    | "thread_broadcast"
            )
        );
        self.kind == "message" && speech && self.speaker().is_some()
    }

    pub(in crate::command::import) fn speaker(&self) -> Option<Speaker> {
        let given = [&self.user, &self.bot_id].into_iter().flatten();
        let mut given = given.filter(|id| !id.is_empty());
        let called = self.username.clone().unwrap_or_default();
        let id = match given.next() {
            Some(id) => id.clone(),
            // Messages of the oldest kind of webhook have a name and nothing else.
            None if !called.is_empty() => format!("name {called}"),
            None => return None,
        };
        let profiles = [&self.user_profile, &self.bot_profile]
            .into_iter()
            .flatten();
        let names = profiles.flat_map(|it| [&it.display_name, &it.real_name, &it.name]);
        let mut names = [&called].into_iter().chain(names);
        let name = names.find(|name| !name.trim().is_empty()).unwrap_or(&id);
        Some(Speaker {
            name: name.clone(),
            id,
        })
    }

    /// All of its text, still in Slack's markup.
    pub(in crate::command::import) fn words(&self) -> String {
        let mut lines = vec![&*self.text];
        for card in self
            .attachments
            .iter()
            .filter(|card| card.from_url.is_none())
        {
            let parts = [&card.pretext, &card.title, &card.text];
            let mut parts: Vec<&str> = parts.into_iter().flatten().map(|it| &**it).collect();
            if parts.iter().all(|part| part.trim().is_empty()) {
                parts = card.fallback.as_deref().into_iter().collect();
            }
            lines.extend(parts);
        }
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }
}

fn nullable<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Said {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_what_somebody_says_is_speech() {
        for speech in [
            r#"{"type":"message","user":"U1","text":"hi","ts":"1.0"}"#,
            r#"{"type":"message","subtype":"bot_message","bot_id":"B1","text":null,"ts":"1.0"}"#,
        ] {
            assert!(said(speech).is_speech(), "{speech}");
        }
        for other in [
            r#"{"type":"message","subtype":"channel_join","user":"U1","ts":"1.0"}"#,
            r#"{"type":"message","subtype":"bot_message","text":"beep","ts":"1.0"}"#,
            r#"{"type":"huddle","user":"U1","ts":"1.0"}"#,
        ] {
            assert!(!said(other).is_speech(), "{other}");
        }
    }

    #[test]
    fn whoever_speaks_has_an_id_and_a_name() {
        let speaker = |json: &str| said(json).speaker().map(|it| (it.id, it.name));
        let pair = |id: &str, name: &str| Some((id.to_owned(), name.to_owned()));
        assert_eq!(
            speaker(
                r#"{"user":"U1","user_profile":{"display_name":"","real_name":"Ana"},"ts":"1.0"}"#
            ),
            pair("U1", "Ana")
        );
        assert_eq!(
            speaker(r#"{"user":null,"bot_id":"B1","username":"Builds","ts":"1.0"}"#),
            pair("B1", "Builds")
        );
        assert_eq!(
            speaker(r#"{"username":"hook","ts":"1.0"}"#),
            pair("name hook", "hook")
        );
        assert_eq!(speaker(r#"{"user":"U1","ts":"1.0"}"#), pair("U1", "U1"));
    }

    #[test]
    fn cards_are_part_of_the_text_but_not_looks_at_pages() {
        let said = said(
            r#"{"ts":"1.0","text":"","attachments":[
                {"title":"Build 7","text":"failed","fallback":"Build 7 failed"},
                {"fallback":"only this"},
                {"from_url":"https://a.b","text":"a page"}]}"#,
        );
        assert_eq!(said.words(), "Build 7\nfailed\nonly this");
    }
}
