//! Other systems that are told what happens, and what became of telling them.

use crate::{EventId, Happening, RoomId, Timestamp, Topics, WebhookId, WebhookSecret, WebhookUrl};

/// Another system that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Names it.
    pub id: WebhookId,
    /// Where it is.
    pub url: WebhookUrl,
    /// What it is told.
    pub topics: Topics,
    /// Of which room only; otherwise of all.
    pub room: Option<RoomId>,
    /// What its calls are signed with.
    pub secret: WebhookSecret,
    /// Whether it is told anything.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when no call has succeeded, if the last one did not.
    pub failing_since: Option<Timestamp>,
}

impl Webhook {
    /// Whether it is to be told what happens in a room under a topic.
    pub fn wants(&self, room: Option<RoomId>, topic: &str) -> bool {
        let here = self.room.is_none_or(|only| Some(only) == room);
        self.enabled && here && self.topics.take(topic)
    }
}

/// Something that webhooks are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The event. Whoever hears it twice knows it by this.
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Where.
    pub room: Option<RoomId>,
    /// What; nothing, where somebody only tries whether the other side listens.
    pub what: Option<Happening>,
}

impl Telling {
    /// The topic of a try.
    pub const PING: &'static str = "ping";

    /// Under which topic it is told.
    pub fn topic(&self) -> &'static str {
        self.what.map_or(Self::PING, |what| what.topic())
    }
}

/// How far telling something has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is to be told.
    Pending,
    /// The other side has taken it.
    Delivered,
    /// It was tried as often as may be.
    Dead,
    /// There was nothing left to tell when its turn came: the message had been deleted.
    Dropped,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Dead, Self::Dropped];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// The state that a word means.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A call of another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was made.
    pub at: Timestamp,
    /// What the other side answered, if it did.
    pub status: Option<u16>,
    /// Why it did not succeed, in words; nothing, if it did.
    pub error: Option<String>,
}

/// What became of telling one webhook of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// Which webhook.
    pub webhook: WebhookId,
    /// Of what.
    pub telling: Telling,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried, since it was last begun.
    pub tries: u32,
    /// When it is to be tried, while it is pending.
    pub due_at: Option<Timestamp>,
    /// The last call.
    pub last: Option<Attempt>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_webhook_wants_what_it_chose_where_it_chose_while_it_is_on() {
        let room = RoomId::from_uuid(Uuid::from_u128(1));
        let other = RoomId::from_uuid(Uuid::from_u128(2));
        let mut hook = Webhook {
            id: WebhookId::from_uuid(Uuid::nil()),
            url: WebhookUrl::parse("https://example.org/").unwrap(),
            topics: Topics::parse(["message.*"]).unwrap(),
            room: None,
            secret: WebhookSecret::from_bits([0; 32]),
            enabled: true,
            created_at: Timestamp::from_millis(0),
            failing_since: None,
        };
        assert!(hook.wants(Some(room), "message.edited"));
        assert!(!hook.wants(Some(room), "room.updated"));
        hook.room = Some(room);
        assert!(hook.wants(Some(room), "message.edited"));
        assert!(!hook.wants(Some(other), "message.edited"));
        assert!(!hook.wants(None, "message.edited"));
        hook.enabled = false;
        assert!(!hook.wants(Some(room), "message.edited"));
    }

    #[test]
    fn a_word_means_its_state() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::of_word(state.word()), Some(state));
        }
        assert_eq!(DeliveryState::of_word("lost"), None);
    }
}
