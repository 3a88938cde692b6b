//! [`AccessTokens`] by JSON Web Token.

use std::time::Duration;

use domain::port::AccessTokens;
use domain::port::access_tokens::{Claims, IssuedToken, Verified};
use domain::{Failure, RefreshToken, SessionId, Timestamp, TokenDigest, UserId};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::keys::{SigningKey, VerifyingKey};
use super::refresh::{RefreshTokens, digest};

const PORT: &str = "access tokens";
/// Our tokens have a few hundred bytes. Longer ones are not worth parsing.
const MAX_BYTES: usize = 8 * 1024;

/// What all tokens of a server have in common.
#[derive(Clone, Debug)]
pub struct TokenTerms {
    /// How long an access token is valid.
    pub lifetime: Duration,
    /// The issuer claim.
    pub issuer: String,
    /// The audience claim.
    pub audience: String,
}

/// Issues access tokens as JSON Web Tokens, and refresh tokens as random bits.
#[derive(Debug)]
pub struct JwtAccessTokens {
    terms: TokenTerms,
    header: Header,
    signer: EncodingKey,
    /// The signing key's own verifying half, then former keys.
    checks: Vec<Check>,
    key_set: Option<String>,
    refresh: RefreshTokens,
}

/// A key with its validation rules.
#[derive(Debug)]
struct Check {
    key: VerifyingKey,
    validation: Validation,
}

/// The claims of a token.
#[derive(Serialize, Deserialize)]
struct Body<T> {
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
    iss: T,
    aud: T,
}

impl JwtAccessTokens {
    /// Signs with one key and accepts the former ones too. Successors of refresh tokens are derived
    /// with a separate key, which is the same on every node.
    pub fn new(
        terms: TokenTerms,
        signing: SigningKey,
        before: Vec<VerifyingKey>,
        successors: [u8; 32],
    ) -> Result<Self, Failure> {
        let SigningKey { signer, verifying } = signing;
        let mut header = Header::new(verifying.algorithm);
        header.kid = Some(verifying.id.clone());
        let checks: Vec<Check> = std::iter::once(verifying)
            .chain(before)
            .map(|key| Check {
                validation: validation(&key, &terms),
                key,
            })
            .collect();
        Ok(Self {
            key_set: key_set(&checks).map_err(|error| Failure::lasting(PORT, "begin", error))?,
            refresh: RefreshTokens::new(successors)
                .map_err(|error| Failure::lasting(PORT, "begin", error))?,
            terms,
            header,
            signer,
            checks,
        })
    }

    #[cfg(test)]
    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    /// The claims of a token, if it is ours. The caller checks whether it has expired.
    fn read(&self, token: &str) -> Option<Claims> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let kid = decode_header(token).ok()?.kid?;
        let check = self.checks.iter().find(|check| check.key.id == kid)?;
        let body: Body<String> = decode(token, &check.key.checker, &check.validation)
            .ok()?
            .claims;
        Some(Claims {
            user: body.sub.parse().ok()?,
            session: body.sid.parse().ok()?,
            issued_at: moment(body.iat),
            expires_at: moment(body.exp),
        })
    }
}

impl AccessTokens for JwtAccessTokens {
    fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<IssuedToken, Failure> {
        let exp = (now + self.terms.lifetime).as_seconds();
        let body = Body {
            sub: user.to_string(),
            sid: session.to_string(),
            iat: now.as_seconds(),
            exp,
            iss: self.terms.issuer.as_str(),
            aud: self.terms.audience.as_str(),
        };
        let token = encode(&self.header, &body, &self.signer)
            .map_err(|error| Failure::lasting(PORT, "issue", error))?;
        // As the token says, in whole seconds.
        let expires_at = moment(exp);
        Ok(IssuedToken { token, expires_at })
    }

    fn verify(&self, token: &str, now: Timestamp) -> Verified {
        match self.read(token) {
            Some(claims) if now < claims.expires_at => Verified::Valid(claims),
            Some(_) => Verified::Expired,
            None => Verified::Invalid,
        }
    }

    fn new_refresh(&self) -> RefreshToken {
        self.refresh.random()
    }

    fn successor(&self, token: &RefreshToken) -> RefreshToken {
        self.refresh.successor(token)
    }

    fn digest(&self, token: &RefreshToken) -> TokenDigest {
        digest(token)
    }

    fn key_set(&self) -> Option<String> {
        self.key_set.clone()
    }
}

fn validation(key: &VerifyingKey, terms: &TokenTerms) -> Validation {
    let mut validation = Validation::new(key.algorithm);
    // Requiring them also keeps a claim of the wrong type from passing as absent.
    validation.set_required_spec_claims(&["exp", "sub", "iss", "aud"]);
    validation.set_issuer(&[&terms.issuer]);
    validation.set_audience(&[&terms.audience]);
    // It would read the system clock; here the time is passed in.
    validation.validate_exp = false;
    validation
}

/// The public keys for verifying our tokens, if there are any.
fn key_set(checks: &[Check]) -> serde_json::Result<Option<String>> {
    let keys: Vec<_> = checks
        .iter()
        .filter_map(|check| check.key.public.clone())
        .collect();
    if keys.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&JwkSet { keys }).map(Some)
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds.saturating_mul(1000))
}
