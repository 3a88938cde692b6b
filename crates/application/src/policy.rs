//! The settings that the operator of a deployment may choose.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::port::limiter::Limit;

use crate::media::MediaBounds;
use crate::operations::AdminKey;

/// The operator's choices that use cases follow.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a session lives without being renewed.
    pub session_lifetime: Duration,
    /// How long a spent refresh token may still be exchanged for the same replacement.
    pub refresh_grace: Duration,
    /// Rate limits.
    pub limits: Limits,
    /// How summaries are made.
    pub summaries: Summaries,
    /// What may be uploaded.
    pub media: MediaBounds,
    /// Whether every message has a consumer: a queue that other programs read, or the operator's
    /// own notifier for users who are away.
    ///
    /// Webhooks and push do not count here: the store knows of the former, and the port tells
    /// whether there is the latter.
    pub messages_are_heard: bool,
    /// The key that administrators of the deployment must present, if administration is enabled.
    pub admin: Option<AdminKey>,
}

/// How summaries are made, and what they may cost.
#[derive(Clone, Copy, Debug)]
pub struct Summaries {
    /// How many sequence numbers one shared summary covers.
    pub stretch: NonZeroU32,
    /// How many summaries are merged into one of the next level, and so on upwards.
    pub gathered: u32,
    /// How far back a summary may reach, in sequence numbers; 0 means without limit.
    pub reach: i64,
    /// How long a finished summary is kept.
    pub kept: Duration,
    /// How many parts this node summarises concurrently.
    pub at_once: usize,
    /// How long the model may take for one answer.
    pub timeout: Duration,
    /// How long a request waits for the model before it is answered without it.
    pub patience: Duration,
    /// How many tokens the model may use per day, across all nodes; 0 means without limit.
    pub daily_tokens: u64,
    /// The number of unread messages from which a summary is worth offering; 0 means never.
    pub worth: i64,
    /// How many summaries a user may request.
    pub of_person: Limit,
    /// How many summaries may be requested in a room.
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

/// Rate limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Messages of a user in a room.
    pub message: Limit,
    /// Failed logins from an address.
    pub login_address: Limit,
    /// Failed logins into an account from a network.
    pub login_network: Limit,
    /// Failed logins into an account from anywhere.
    pub login_account: Limit,
    /// Registrations from an address.
    pub registration: Limit,
    /// Unauthenticated requests from an address.
    pub anonymous: Limit,
    /// Requests of a user.
    pub person: Limit,
}
