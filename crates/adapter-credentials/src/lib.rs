//! Passwords by bcrypt, and access tokens by JSON Web Token.
//!
//! [`BcryptPasswords`] hashes on a few threads of its own behind a bounded queue, so that a storm of
//! logins slows only logins. [`JwtAccessTokens`] signs and verifies the tokens that clients carry, with
//! a [`SigningKey`] that also determines the algorithm: the token has no say in it.
//!
//! What may not live here: who may do what, sessions, anything that is stored, and where keys come
//! from. This crate is given its keys and knows no file, no setting and no clock.

mod access_tokens;
mod passwords;

pub use access_tokens::{JwtAccessTokens, KeyError, SigningKey, TokenTerms, VerifyingKey};
pub use passwords::BcryptPasswords;
