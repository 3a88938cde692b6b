//! Webhooks and their deliveries.

use crate::{EventId, Happening, RoomId, Timestamp, Topics, WebhookId, WebhookSecret, WebhookUrl};

/// An external system that is notified of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Identifies the webhook.
    pub id: WebhookId,
    /// Where it is delivered to.
    pub url: WebhookUrl,
    /// Which events it receives.
    pub topics: Topics,
    /// The only room whose events it receives; all rooms if `None`.
    pub room: Option<RoomId>,
    /// What its deliveries are signed with.
    pub secret: WebhookSecret,
    /// Whether it receives anything.
    pub enabled: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// Since when every delivery has failed, if the last one did.
    pub failing_since: Option<Timestamp>,
}

impl Webhook {
    /// Whether it receives events of a topic in a room.
    pub fn wants(&self, room: Option<RoomId>, topic: &str) -> bool {
        let here = self.room.is_none_or(|only| Some(only) == room);
        self.enabled && here && self.topics.take(topic)
    }
}

/// An event as webhooks receive it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The event's id, by which a receiver recognises a duplicate.
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// In which room, if any.
    pub room: Option<RoomId>,
    /// What happened; `None` for a test delivery.
    pub what: Option<Happening>,
}

impl Telling {
    /// The topic of a test delivery.
    pub const PING: &'static str = "ping";

    /// Its topic.
    pub fn topic(&self) -> &'static str {
        self.what.map_or(Self::PING, |what| what.topic())
    }
}

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is still to be delivered.
    Pending,
    /// The receiver has accepted it.
    Delivered,
    /// All attempts were used up.
    Dead,
    /// There was nothing left to deliver when its turn came: the message had been deleted.
    Dropped,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Dead, Self::Dropped];

    /// Its name on the wire and in stores.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// The state with this name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// One call to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was made.
    pub at: Timestamp,
    /// The HTTP status of the response, if there was one.
    pub status: Option<u16>,
    /// Why it failed, in words; `None` if it succeeded.
    pub error: Option<String>,
}

/// The delivery of one event to one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// The webhook.
    pub webhook: WebhookId,
    /// The event.
    pub telling: Telling,
    /// Its state.
    pub state: DeliveryState,
    /// How many attempts were made since it was enqueued or last replayed.
    pub tries: u32,
    /// When the next attempt is due, while it is pending.
    pub due_at: Option<Timestamp>,
    /// The last attempt.
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
