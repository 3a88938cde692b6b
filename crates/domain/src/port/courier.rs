//! Calling other systems over the network.

use async_trait::async_trait;

use crate::{EventId, Timestamp, WebhookSecret, WebhookUrl};

/// Something to hand over.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    /// Where.
    pub url: &'a WebhookUrl,
    /// What to sign it with.
    pub secret: &'a WebhookSecret,
    /// What it is called, also when it comes again.
    pub id: EventId,
    /// When it is sent.
    pub at: Timestamp,
    /// What it says, as JSON.
    pub body: &'a [u8],
}

/// Whether an address may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callable {
    /// As far as can be told now.
    Yes,
    /// It may not, for a reason in words.
    No(&'static str),
}

/// What a call has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The other side has taken it, and answered so.
    Taken(u16),
    /// The other side answered something else.
    Refused(u16),
    /// Nobody answered, or nobody may be asked; in words that an operator may read, which do not repeat
    /// the address.
    Failed(String),
}

/// Hands over what other systems are told. Not being taken is an outcome here, and nothing that breaks.
///
/// # Obligations
/// - `a_parcel_is_handed_over`: whole, under its name, and signed.
/// - `what_the_other_side_answers_is_told`.
/// - `that_nobody_answers_is_told`.
/// - `an_address_that_may_not_be_called_is_refused`: when it is checked, and when it is called.
#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// Whether an address may be called.
    async fn check(&self, url: &WebhookUrl) -> Callable;

    /// Calls it.
    async fn hand(&self, parcel: &Parcel<'_>) -> Handed;
}
