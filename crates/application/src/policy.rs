//! The numbers that whoever runs Tertulia may choose.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::port::limiter::Limit;

use crate::media::MediaBounds;
use crate::operations::AdminKey;

/// Choices of the operator that use cases follow.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a session lives without being renewed.
    pub session_lifetime: Duration,
    /// For how long a spent refresh token still gets its replacement.
    pub refresh_grace: Duration,
    /// How often things may be done.
    pub limits: Limits,
    /// How summaries are made.
    pub summaries: Summaries,
    /// What may be uploaded.
    pub media: MediaBounds,
    /// Whether something hears of every message: queues that other programs read, or what tells people
    /// who are away in the operator's own way. Of webhooks the store knows, and push is known from its
    /// port.
    pub messages_are_heard: bool,
    /// What administrators of the deployment have to show, where there are any.
    pub admin: Option<AdminKey>,
}

/// How summaries are made, and what they may cost.
#[derive(Clone, Copy, Debug)]
pub struct Summaries {
    /// How many places are told together, once for everybody.
    pub stretch: NonZeroU32,
    /// How many of these are gathered into one, and of those again.
    pub gathered: u32,
    /// How many places one summary looks back over at most; 0 means all.
    pub reach: i64,
    /// For how long what was told is kept.
    pub kept: Duration,
    /// How many parts this node makes at once.
    pub at_once: usize,
    /// How long the model has for one answer.
    pub timeout: Duration,
    /// For how long somebody waits for the model before they are told without it.
    pub patience: Duration,
    /// How many tokens the model may take in a day, on all nodes; 0 means as many as it takes.
    pub daily_tokens: u64,
    /// From how many unread messages on a summary is worth asking for.
    pub worth: i64,
    /// How often a person may ask.
    pub of_person: Limit,
    /// How often may be asked in a room.
    pub of_room: Limit,
}

impl Default for Summaries {
    fn default() -> Self {
        let limit = |points| Limit {
            points,
            per: Duration::from_mins(5),
        };
        Self {
            stretch: NonZeroU32::new(200).unwrap_or(NonZeroU32::MIN),
            gathered: 20,
            reach: 100_000,
            kept: Duration::from_hours(24),
            at_once: 8,
            timeout: Duration::from_secs(30),
            patience: Duration::from_mins(1),
            daily_tokens: 5_000_000,
            worth: 50,
            of_person: limit(20),
            of_room: limit(600),
        }
    }
}

/// How often things may be done.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages of a person in a room.
    pub message: Limit,
    /// Failed logins from an address.
    pub login_address: Limit,
    /// Failed logins into an account from a network.
    pub login_network: Limit,
    /// Failed logins into an account from anywhere.
    pub login_account: Limit,
    /// Registrations from an address.
    pub registration: Limit,
    /// Requests from an address without signing in.
    pub anonymous: Limit,
    /// Requests of a person.
    pub person: Limit,
}
