//! The keys of access tokens, each with its algorithm and its id.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use sha2::{Digest as _, Sha256};

use super::refresh::keyed;

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It should sign.
    #[error(
        "this is not an Ed25519 or P-256 private key in PKCS#8 PEM \
         (`openssl genpkey -algorithm ed25519` makes one)"
    )]
    Private(#[source] Error),
    /// It should only verify.
    #[error(
        "this is not an Ed25519 or P-256 public key in PEM (`openssl pkey -pubout` makes it of a \
         private one)"
    )]
    Public(#[source] Error),
}

/// Signs access tokens, and verifies them.
pub struct SigningKey {
    pub(super) signer: EncodingKey,
    pub(super) verifying: VerifyingKey,
}

/// Verifies access tokens that were signed elsewhere, or before the key was changed.
pub struct VerifyingKey {
    /// The `kid` in tokens. Computed from the key, so that nobody has to choose one.
    pub(super) id: String,
    pub(super) algorithm: Algorithm,
    pub(super) checker: DecodingKey,
    /// The published form, unless it is a secret.
    pub(super) public: Option<Jwk>,
}

impl SigningKey {
    /// A shared secret that signs and verifies, HS256.
    pub fn secret(secret: &[u8]) -> Self {
        Self {
            signer: EncodingKey::from_secret(secret),
            verifying: VerifyingKey::secret(secret),
        }
    }

    /// A private key in PKCS#8 PEM: `EdDSA` with Ed25519, or ES256 with P-256.
    pub fn pem(pem: &[u8]) -> Result<Self, KeyError> {
        let (signer, algorithm) = match EncodingKey::from_ed_pem(pem) {
            Ok(signer) => (signer, Algorithm::EdDSA),
            Err(_) => (
                EncodingKey::from_ec_pem(pem).map_err(KeyError::Private)?,
                Algorithm::ES256,
            ),
        };
        let jwk = Jwk::from_encoding_key(&signer, algorithm).map_err(KeyError::Private)?;
        let verifying = VerifyingKey::public(jwk, algorithm).map_err(KeyError::Private)?;
        Ok(Self { signer, verifying })
    }
}

impl VerifyingKey {
    /// A secret that signed before, HS256.
    pub fn secret(secret: &[u8]) -> Self {
        Self {
            // Reveals no more of the secret than a signature does.
            id: name(keyed(b"tertulia access token key id v1", &[secret])),
            algorithm: Algorithm::HS256,
            checker: DecodingKey::from_secret(secret),
            public: None,
        }
    }

    /// The public half of a key that signed before, in PEM.
    pub fn pem(pem: &[u8]) -> Result<Self, KeyError> {
        let (checker, algorithm) = match DecodingKey::from_ed_pem(pem) {
            Ok(checker) => (checker, Algorithm::EdDSA),
            Err(_) => (
                DecodingKey::from_ec_pem(pem).map_err(KeyError::Public)?,
                Algorithm::ES256,
            ),
        };
        Jwk::from_decoding_key(&checker, Some(algorithm))
            .and_then(|jwk| Self::public(jwk, algorithm))
            .map_err(KeyError::Public)
    }

    fn public(mut jwk: Jwk, algorithm: Algorithm) -> Result<Self, Error> {
        let coordinates = if let AlgorithmParameters::OctetKeyPair(key) = &jwk.algorithm {
            vec![&key.x]
        } else if let AlgorithmParameters::EllipticCurve(key) = &jwk.algorithm
            && key.curve == EllipticCurve::P256
        {
            vec![&key.x, &key.y]
        } else {
            return Err(ErrorKind::InvalidKeyFormat.into());
        };
        let mut digest = Sha256::new();
        for coordinate in coordinates {
            let bytes = URL_SAFE_NO_PAD
                .decode(coordinate)
                .map_err(|_not_base64| ErrorKind::InvalidKeyFormat)?;
            digest.update(bytes);
        }
        let id = name(digest.finalize().into());
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            id,
            algorithm,
            checker: DecodingKey::from_jwk(&jwk)?,
            public: Some(jwk),
        })
    }
}

/// The first 16 hexadecimal digits.
fn name(digest: [u8; 32]) -> String {
    let start = digest.iter().take(8);
    let number = start.fold(0, |number: u64, byte| (number << 8) | u64::from(*byte));
    format!("{number:016x}")
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SigningKey({:?} {})",
            self.verifying.algorithm, self.verifying.id
        )
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({:?} {})", self.algorithm, self.id)
    }
}
