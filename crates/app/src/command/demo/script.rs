//! The script: who posts what, and when. It is read from the files beside this one.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use domain::Timestamp;
use serde::Deserialize;

const PEOPLE: &str = include_str!("people.toml");
const ROOMS: [(&str, &str); 4] = [
    ("launch", include_str!("rooms/launch.toml")),
    ("general", include_str!("rooms/general.toml")),
    ("hiring", include_str!("rooms/hiring.toml")),
    ("direct", include_str!("rooms/direct.toml")),
];

/// The whole script.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) people: Vec<Role>,
    pub(super) rooms: Vec<Scene>,
}

/// A person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) bio: String,
}

/// The conversation in one room.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    /// Without a name it is the direct room of its two members.
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) private: bool,
    /// The first member creates the room.
    pub(super) members: Vec<String>,
    /// How many minutes ago the last line was posted.
    ended: u64,
    /// After how many lines the first of all people stopped reading.
    pub(super) read: usize,
    pub(super) lines: Vec<Line>,
}

/// A message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) who: String,
    /// How many minutes after the previous line.
    #[serde(default)]
    wait: u64,
    pub(super) says: String,
    /// The line of the room that it replies to, counted from 1.
    pub(super) answers: Option<usize>,
    /// Who reacts, by emoji.
    #[serde(default)]
    pub(super) reactions: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(super) pinned: bool,
}

/// When a line is posted. Rooms and lines are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) at: Timestamp,
    pub(super) room: usize,
    pub(super) line: usize,
}

impl Script {
    pub(super) fn read() -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct People {
            people: Vec<Role>,
        }
        let People { people } = toml::from_str(PEOPLE).context("people.toml cannot be read")?;
        let rooms = ROOMS.iter().map(|(name, text)| {
            toml::from_str(text).with_context(|| format!("{name}.toml cannot be read"))
        });
        Ok(Self {
            people,
            rooms: rooms.collect::<anyhow::Result<_>>()?,
        })
    }

    /// All lines of all rooms, in the order in which they are posted.
    pub(super) fn moments(&self, now: Timestamp) -> Vec<Moment> {
        let mut moments: Vec<Moment> = self
            .rooms
            .iter()
            .enumerate()
            .flat_map(|(room, scene)| {
                let mut at = now - minutes(scene.ended + scene.span());
                scene.lines.iter().enumerate().map(move |(line, said)| {
                    at = at + minutes(said.wait);
                    Moment { at, room, line }
                })
            })
            .collect();
        moments.sort_unstable();
        moments
    }
}

impl Scene {
    /// How many minutes the conversation takes.
    fn span(&self) -> u64 {
        self.lines.iter().map(|line| line.wait).sum()
    }
}

fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everybody_who_speaks_is_in_the_room_and_answers_what_was_said() {
        let script = Script::read().unwrap();
        let people: BTreeSet<&str> = script.people.iter().map(|one| &*one.username).collect();
        for scene in &script.rooms {
            let members: BTreeSet<&str> = scene.members.iter().map(|one| &**one).collect();
            assert!(members.is_subset(&people), "{:?}", scene.name);
            assert!(scene.read <= scene.lines.len(), "{:?}", scene.name);
            for (place, line) in scene.lines.iter().enumerate() {
                let reacting = line.reactions.values().flatten().map(|one| &**one);
                let all = reacting
                    .chain([&*line.who])
                    .all(|who| members.contains(who));
                assert!(all, "{:?}", line.says);
                assert!(
                    line.answers
                        .is_none_or(|other| (1..=place).contains(&other)),
                    "{:?}",
                    line.says
                );
            }
        }
    }

    #[test]
    fn moments_pass_in_order_and_end_when_the_rooms_say() {
        let script = Script::read().unwrap();
        let now = Timestamp::from_millis(1_790_000_000_000);
        let moments = script.moments(now);
        let lines: usize = script.rooms.iter().map(|scene| scene.lines.len()).sum();
        assert_eq!(moments.len(), lines);
        assert!(moments.is_sorted());
        for (room, scene) in script.rooms.iter().enumerate() {
            let last = moments.iter().rfind(|moment| moment.room == room).unwrap();
            assert_eq!(now.since(last.at), minutes(scene.ended));
        }
    }
}
