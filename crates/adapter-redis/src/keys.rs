//! The names of all keys and channels.
//!
//! Everything that one script touches shares a hash tag, the part in braces, from which Redis Cluster
//! computes a key's slot.

use std::ops::RangeInclusive;

use domain::port::budget::Day;
use domain::port::cache::CacheKey;
use domain::port::limiter::LimitKey;
use domain::port::presence::Subject;
use domain::{RoomId, Seq, UserId};

/// The number of hash tags for people, and for their visits. All nodes must agree on it, so it is not
/// configurable.
const SHARDS: u8 = 64;

/// Some of the people, or some of the visits: everything that one script may touch together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Shard {
    People(u8),
    Visits(u8),
}

impl Shard {
    /// The shard of a subject.
    pub(crate) fn of(subject: Subject) -> Self {
        match subject {
            Subject::Person(user) => Self::People(number(user)),
            Subject::Visit { user, .. } => Self::Visits(number(user)),
        }
    }

    /// All shards.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let people = (0..SHARDS).map(Self::People);
        people.chain((0..SHARDS).map(Self::Visits))
    }

    /// A subject's name within its shard.
    pub(crate) fn name(subject: Subject) -> String {
        match subject {
            Subject::Person(user) => user.to_string(),
            Subject::Visit { room, user } => format!("{room}:{user}"),
        }
    }

    /// The subject with this name in this shard.
    pub(crate) fn subject(self, name: &str) -> Option<Subject> {
        match self {
            Self::People(_) => Some(Subject::Person(name.parse().ok()?)),
            Self::Visits(_) => {
                let (room, user) = name.split_once(':')?;
                Some(Subject::Visit {
                    room: room.parse().ok()?,
                    user: user.parse().ok()?,
                })
            }
        }
    }
}

fn number(user: UserId) -> u8 {
    // The last byte of an id is random, in every UUID version.
    let [.., last] = user.as_uuid().into_bytes();
    last % SHARDS
}

/// Makes names with a common prefix.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    prefix: String,
}

/// A prefix that would make names ambiguous, or break their hash tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prefix is 1 to 64 letters, digits, dots, hyphens, underscores and colons")]
pub struct BadPrefix;

impl Keys {
    pub(crate) fn new(prefix: &str) -> Result<Self, BadPrefix> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        if !(1..=64).contains(&prefix.len()) || !prefix.chars().all(plain) {
            return Err(BadPrefix);
        }
        Ok(Self {
            prefix: prefix.to_owned(),
        })
    }

    /// The subjects of a shard, by when the last of their leases expires.
    pub(crate) fn subjects(&self, shard: Shard) -> String {
        let prefix = &self.prefix;
        match shard {
            Shard::People(number) => format!("{prefix}:{{presence-{number}}}:people"),
            Shard::Visits(number) => format!("{prefix}:{{visits-{number}}}:visits"),
        }
    }

    /// A subject's connections, by when their leases expire.
    pub(crate) fn leases(&self, subject: Subject) -> String {
        let (prefix, name) = (&self.prefix, Shard::name(subject));
        match Shard::of(subject) {
            Shard::People(number) => format!("{prefix}:{{presence-{number}}}:leases:{name}"),
            Shard::Visits(number) => format!("{prefix}:{{visits-{number}}}:leases:{name}"),
        }
    }

    /// When a limit's points will all be restored.
    pub(crate) fn limit(&self, key: &LimitKey) -> String {
        let prefix = &self.prefix;
        // User-controlled text comes last, after a slash, which no address contains.
        match key {
            LimitKey::Messages(user, room) => format!("{prefix}:limit:messages:{user}:{room}"),
            LimitKey::LoginAddress(ip) => format!("{prefix}:limit:login-address:{ip}"),
            LimitKey::LoginNetwork(account, ip) => {
                format!("{prefix}:limit:login-network:{ip}/{account}")
            }
            LimitKey::LoginAccount(account) => format!("{prefix}:limit:login-account:/{account}"),
            LimitKey::Registrations(ip) => format!("{prefix}:limit:registrations:{ip}"),
            LimitKey::Anonymous(ip) => format!("{prefix}:limit:anonymous:{ip}"),
            LimitKey::Person(user) => format!("{prefix}:limit:person:{user}"),
            LimitKey::Summaries(user) => format!("{prefix}:limit:summaries:{user}"),
            LimitKey::RoomSummaries(room) => format!("{prefix}:limit:room-summaries:{room}"),
        }
    }

    /// A cached value.
    pub(crate) fn cached(&self, key: &CacheKey) -> String {
        self.about(key, "cache")
    }

    /// The names of a room's summaries, with their expiry. They share the summaries' hash tag, so that
    /// a script may touch both.
    pub(crate) fn summaries(&self, room: RoomId) -> String {
        format!("{}:{{{room}}}:cache:summaries", self.prefix)
    }

    /// The seqs that the summary with this name covers.
    pub(crate) fn places(name: &str) -> Option<RangeInclusive<Seq>> {
        let (_, stretch) = name.split_once("}:cache:summary:")?;
        let mut numbers = stretch.splitn(3, ':').map(|part| part.parse().ok());
        let (from, to) = (numbers.next()??, numbers.next()??);
        Some(Seq::new(from)?..=Seq::new(to)?)
    }

    /// What has been spent of a day's budget.
    pub(crate) fn budget(&self, day: Day) -> String {
        format!("{}:budget:{}", self.prefix, day.0)
    }

    /// The node that is computing a value.
    pub(crate) fn claim(&self, key: &CacheKey) -> String {
        self.about(key, "claim")
    }

    fn about(&self, key: &CacheKey, what: &str) -> String {
        let prefix = &self.prefix;
        match key {
            CacheKey::Notified {
                room,
                user,
                device,
                read,
                personal,
            } => {
                let read = read.get();
                let device = device.map_or_else(String::new, |device| format!(":{device}"));
                format!("{prefix}:{{{room}}}:{what}:notified:{user}{device}:{read}:{personal}")
            }
            CacheKey::Summary {
                room,
                from,
                to,
                rev,
                maker,
            } => {
                let (from, to, rev) = (from.get(), to.get(), rev.get());
                format!("{prefix}:{{{room}}}:{what}:summary:{from}:{to}:{rev}:{maker}")
            }
        }
    }

    /// The channel of a room's notices.
    pub(crate) fn room(&self, room: RoomId) -> String {
        format!("{}:{{{room}}}:notices", self.prefix)
    }

    /// The room of a channel, if it is a room's.
    pub(crate) fn room_of(channel: &[u8]) -> Option<RoomId> {
        let channel = std::str::from_utf8(channel).ok()?;
        let (_, tagged) = channel.split_once('{')?;
        let (room, _) = tagged.split_once('}')?;
        room.parse().ok()
    }

    /// The channel that all nodes subscribe to.
    pub(crate) fn everyone(&self) -> String {
        format!("{}:{{everyone}}:notices", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;

    fn keys() -> Keys {
        Keys::new("chat.prod-1:a").unwrap()
    }

    /// The slot of a key in Redis Cluster: CRC-16 (XMODEM) of its first hash tag.
    fn slot(key: &str) -> u16 {
        let tagged = key
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'))
            .map(|(tag, _)| tag)
            .filter(|tag| !tag.is_empty());
        let shift = |sum: u16, _| (sum << 1) ^ (0x1021 * (sum >> 15));
        let byte = |sum, byte| (0..8).fold(sum ^ (u16::from(byte) << 8), shift);
        let sum = tagged.unwrap_or(key).bytes().fold(0, byte);
        sum % 16_384
    }

    fn subjects() -> impl Iterator<Item = Subject> {
        (0..1_000_u128).flat_map(|n| {
            let user = UserId::from_uuid(Uuid::from_u128(n));
            let room = RoomId::from_uuid(Uuid::from_u128(n + 7));
            [Subject::Person(user), Subject::Visit { room, user }]
        })
    }

    #[test]
    fn the_slots_are_those_of_redis() {
        // From the specification of Redis Cluster.
        assert_eq!(slot("123456789"), 0x31c3);
        assert_eq!(slot("{user1000}.following"), slot("{user1000}.followers"));
    }

    #[test]
    fn what_a_script_touches_is_in_one_slot() {
        for subject in subjects() {
            let shard = keys().subjects(Shard::of(subject));
            assert_eq!(slot(&keys().leases(subject)), slot(&shard));
        }
    }

    #[test]
    fn subjects_are_spread_over_all_shards() {
        let shards: HashSet<Shard> = subjects().map(Shard::of).collect();
        assert_eq!(shards, Shard::all().collect());
        let slot = |shard: &Shard| slot(&keys().subjects(*shard));
        let slots: HashSet<u16> = shards.iter().map(slot).collect();
        assert_eq!(slots.len(), shards.len());
    }

    #[test]
    fn a_name_says_whose_it_is() {
        for subject in subjects() {
            let shard = Shard::of(subject);
            assert_eq!(shard.subject(&Shard::name(subject)), Some(subject));
        }
        for name in ["", ":", "x:y", "00000000-0000-0000-0000-000000000001"] {
            assert_eq!(Shard::Visits(0).subject(name), None);
        }
        assert_eq!(Shard::People(0).subject("x"), None);
    }

    /// Nodes of this version are deployed, and know people by these names.
    #[test]
    fn people_are_where_they_were() {
        let user = UserId::from_uuid(Uuid::from_u128(0x141));
        let subject = Subject::Person(user);
        assert_eq!(
            keys().subjects(Shard::of(subject)),
            "chat.prod-1:a:{presence-1}:people"
        );
        assert_eq!(
            keys().leases(subject),
            format!("chat.prod-1:a:{{presence-1}}:leases:{user}")
        );
    }

    #[test]
    fn a_prefix_leaves_hash_tags_alone() {
        for bad in ["", "a{b", "a}", "ä", "a b", &"a".repeat(65)] {
            assert_eq!(Keys::new(bad).unwrap_err(), BadPrefix);
        }
    }
}
