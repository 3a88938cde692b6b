//! Refresh tokens: random, or derived from the previous one.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{RefreshToken, TokenDigest};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// Creates refresh tokens.
pub(super) struct RefreshTokens {
    successors: [u8; 32],
    seed: [u8; 32],
    made: AtomicU64,
}

impl RefreshTokens {
    /// Takes the key for deriving successors, which is the same on every node.
    pub(super) fn new(successors: [u8; 32]) -> Result<Self, getrandom::Error> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        Ok(Self {
            successors,
            seed,
            made: AtomicU64::new(0),
        })
    }

    /// A token of fresh random bits.
    ///
    /// They are mixed with a seed drawn at startup: should the system ever fail to provide randomness,
    /// the token is still unguessable, and never a repetition.
    pub(super) fn random(&self) -> RefreshToken {
        let mut bits = [0; 32];
        let drawn = getrandom::fill(&mut bits).is_ok();
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.mixed(number, if drawn { &bits } else { &[] })
    }

    fn mixed(&self, number: u64, bits: &[u8]) -> RefreshToken {
        token(keyed(&self.seed, &[&number.to_be_bytes(), bits]))
    }

    /// The only possible replacement of a token.
    pub(super) fn successor(&self, of: &RefreshToken) -> RefreshToken {
        token(keyed(&self.successors, &[of.reveal().as_bytes()]))
    }
}

impl fmt::Debug for RefreshTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokens(…)")
    }
}

/// What is stored of a token.
pub(super) fn digest(token: &RefreshToken) -> TokenDigest {
    TokenDigest::from_bytes(Sha256::digest(token.reveal()).into())
}

/// HMAC-SHA256 over all parts, with a key of at most one block.
pub(super) fn keyed<const N: usize>(key: &[u8; N], parts: &[&[u8]]) -> [u8; 32] {
    const { assert!(N <= 64, "longer keys would be hashed first") };
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn token(bits: [u8; 32]) -> RefreshToken {
    RefreshToken::from_string(URL_SAFE_NO_PAD.encode(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_new_bits_tokens_still_differ() {
        let tokens = RefreshTokens::new([7; 32]).unwrap();
        let others = RefreshTokens::new([7; 32]).unwrap();
        let dry = [
            tokens.mixed(0, &[]),
            tokens.mixed(1, &[]),
            others.mixed(0, &[]),
        ];
        assert_ne!(dry[0], dry[1]);
        assert_ne!(dry[0], dry[2], "the seed is drawn, not fixed");
    }

    #[test]
    fn a_token_has_256_bits() {
        let token = RefreshTokens::new([7; 32]).unwrap().random();
        assert_eq!(URL_SAFE_NO_PAD.decode(token.reveal()).unwrap().len(), 32);
    }

    /// Computed elsewhere: a change here would invalidate every refresh token.
    #[test]
    fn successors_and_digests_stay_what_they_are() {
        let token = RefreshToken::from_string("presented".to_owned());
        let successor = RefreshTokens::new([7; 32]).unwrap().successor(&token);
        assert_eq!(
            successor.reveal(),
            "hlWwSmbE5C0AkvkG3Pano9GzUfjKHbLb7ITNLlZP_e0"
        );
        assert_eq!(digest(&token).as_bytes()[..4], [0xca, 0xb8, 0x0b, 0x30]);
    }

    #[test]
    fn keys_do_not_show() {
        let tokens = RefreshTokens::new([7; 32]).unwrap();
        assert_eq!(format!("{tokens:?}"), "RefreshTokens(…)");
    }
}
