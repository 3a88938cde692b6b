//! Access tokens, and the keys that sign and verify them.

mod jwt;
mod keys;
mod refresh;

pub use jwt::{JwtAccessTokens, TokenTerms};
pub use keys::{KeyError, SigningKey, VerifyingKey};

#[cfg(test)]
mod tests;
