//! The numbers that whoever runs Tertulia may choose.

use std::time::Duration;

use domain::port::limiter::Limit;

/// Choices of the operator that use cases follow.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// How long a session lives without being renewed.
    pub session_lifetime: Duration,
    /// For how long a spent refresh token still gets its replacement.
    pub refresh_grace: Duration,
    /// How often things may be done.
    pub limits: Limits,
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
