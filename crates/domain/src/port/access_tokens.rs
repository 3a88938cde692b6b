//! The tokens that clients carry.

use crate::{Failure, RefreshToken, SessionId, Timestamp, TokenDigest, UserId};

/// What an access token says, once it is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who.
    pub user: UserId,
    /// On which device.
    pub session: SessionId,
    /// Since when.
    pub issued_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// An access token and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What a presented access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is ours and it holds.
    Valid(Claims),
    /// It is ours and it ran out.
    Expired,
    /// It is not ours, or not a token.
    Invalid,
}

/// Makes and reads the tokens that clients carry. Reaches nothing but its own keys.
///
/// # Obligations
/// - `a_token_says_what_it_was_issued_for`.
/// - `a_token_ends`: at its expiry it is `Expired`.
/// - `a_tampered_token_is_invalid`: any change to head, claims or signature.
/// - `the_algorithm_is_the_keys`: a token that asks for "none" or another algorithm is `Invalid`.
/// - `another_keys_token_is_invalid`.
/// - `a_former_keys_token_is_valid`: until it ends, as long as the key is among the former ones.
/// - `a_successor_is_derived`: the same for the same token, different for different ones.
/// - `new_refresh_tokens_differ`: and so do their digests.
pub trait AccessTokens: Send + Sync + 'static {
    /// Issues an access token.
    fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<IssuedToken, Failure>;

    /// Reads an access token.
    fn verify(&self, token: &str, now: Timestamp) -> Verified;

    /// Makes a refresh token of random bits.
    fn new_refresh(&self) -> RefreshToken;

    /// The one replacement of a refresh token, which only this server can derive.
    fn successor(&self, token: &RefreshToken) -> RefreshToken;

    /// What is stored of a refresh token.
    fn digest(&self, token: &RefreshToken) -> TokenDigest;

    /// The public keys as a JSON Web Key Set, where the algorithm has public keys.
    fn key_set(&self) -> Option<String>;
}
