//! Access tokens and refresh tokens.

use crate::{Failure, RefreshToken, SessionId, Timestamp, TokenDigest, UserId};

/// The content of a verified access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The user who is signed in.
    pub user: UserId,
    /// Their session.
    pub session: SessionId,
    /// When the token was issued.
    pub issued_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// A newly issued access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token.
    pub token: String,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// The result of verifying an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// This server issued it, and it is still valid.
    Valid(Claims),
    /// This server issued it, and it has expired.
    Expired,
    /// This server did not issue it, or it is not a token at all.
    Invalid,
}

/// Issues and verifies the tokens that clients carry. Needs nothing but its own keys.
///
/// # Obligations
/// - `a_token_says_what_it_was_issued_for`.
/// - `a_token_ends`: at its expiry time it is `Expired`.
/// - `a_tampered_token_is_invalid`: after any change to its header, claims or signature.
/// - `the_algorithm_is_the_keys`: a token that asks for "none" or another algorithm is `Invalid`.
/// - `another_keys_token_is_invalid`.
/// - `a_former_keys_token_is_valid`: until it expires, as long as the key is among the former ones.
/// - `a_successor_is_derived`: equal tokens have equal successors, different tokens different ones.
/// - `new_refresh_tokens_differ`: and so do their digests.
pub trait AccessTokens: Send + Sync + 'static {
    /// Issues an access token.
    fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<IssuedToken, Failure>;

    /// Verifies an access token.
    fn verify(&self, token: &str, now: Timestamp) -> Verified;

    /// Generates a random refresh token.
    fn new_refresh(&self) -> RefreshToken;

    /// The only replacement of a refresh token, which no one but this server can derive.
    fn successor(&self, token: &RefreshToken) -> RefreshToken;

    /// The digest under which a refresh token is stored.
    fn digest(&self, token: &RefreshToken) -> TokenDigest;

    /// The public keys as a JSON Web Key Set, if the algorithm has public keys.
    fn key_set(&self) -> Option<String>;
}
