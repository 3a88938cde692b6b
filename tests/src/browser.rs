//! A browser that receives push messages, and its push service.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU8, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::receiver::PATIENCE;
use crate::{Call, Receiver, within};

/// The secret that the browser shares with the server.
const SECRET: [u8; 16] = *b"sixteen of bytes";

/// The next browser's key.
static NUMBER: AtomicU8 = AtomicU8::new(1);

/// Receives the messages sent to its push service, and decrypts them (RFC 8291).
pub struct Browser {
    service: Receiver,
    key: SecretKey,
}

/// A push message, decrypted.
#[derive(Debug)]
pub struct Pushed {
    pub call: Call,
    pub said: Value,
}

impl Browser {
    /// Every browser has a different key.
    pub fn start() -> Self {
        let service = Receiver::start();
        service.answers(201);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self {
            service,
            key: SecretKey::from_slice(&[number; 32]).unwrap(),
        }
    }

    /// The subscription, as `PushSubscription.toJSON()` returns it.
    pub fn subscription(&self) -> Value {
        json!({
            "endpoint": self.service.url(),
            "expirationTime": null,
            "keys": {
                "p256dh": URL_SAFE_NO_PAD.encode(self.point()),
                "auth": URL_SAFE_NO_PAD.encode(SECRET),
            },
        })
    }

    /// The push service, whose responses a test can change.
    pub fn service(&self) -> &Receiver {
        &self.service
    }

    /// Waits until this many messages have arrived, and decrypts all of them.
    pub async fn hears(&self, count: usize) -> Vec<Pushed> {
        let waited = within(PATIENCE, async || self.heard().len() >= count).await;
        let heard = self.heard();
        assert!(waited.is_some(), "{count} are not coming: {heard:?}");
        heard
    }

    /// All messages so far, except those that it had already accepted: a message may come twice, with
    /// the same id.
    pub fn heard(&self) -> Vec<Pushed> {
        let mut accepted = HashSet::new();
        let calls = self.service.calls().into_iter();
        let read = |call: Call| Pushed {
            said: serde_json::from_slice(&self.open(&call.body)).unwrap(),
            call,
        };
        let is_new = |pushed: &Pushed| {
            let id = pushed.said["id"].to_string();
            let is_accepted = (200..300).contains(&pushed.call.status);
            if is_accepted {
                accepted.insert(id)
            } else {
                !accepted.contains(&id)
            }
        };
        calls.map(read).filter(is_new).collect()
    }

    fn point(&self) -> Vec<u8> {
        let point = self.key.public_key().to_encoded_point(false);
        point.as_bytes().to_vec()
    }

    /// Decrypts a message. Implemented independently of the server, from the standard.
    fn open(&self, sealed: &[u8]) -> Vec<u8> {
        let (salt, rest) = sealed.split_at(16);
        let (size, rest) = rest.split_at(4);
        let size = u32::from_be_bytes(size.try_into().unwrap());
        assert!(sealed.len() <= usize::try_from(size).unwrap());
        let (length, rest) = rest.split_first().unwrap();
        let (theirs, record) = rest.split_at(usize::from(*length));
        let public = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());

        let info = [b"WebPush: info\0", &*self.point(), theirs].concat();
        let input = expand(&extract(&SECRET, shared.raw_secret_bytes()), &info);
        let start = extract(salt, &input);
        let key = expand(&start, b"Content-Encoding: aes128gcm\0");
        let nonce = expand(&start, b"Content-Encoding: nonce\0");
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16]).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).unwrap();
        let mut record = record.to_vec();
        let text = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        let (end, text) = text.split_last().unwrap();
        assert_eq!(*end, 2, "the last record");
        text.to_vec()
    }
}

impl Pushed {
    /// Verifies the sender's signature, and returns its claims.
    pub fn claims(&self, public_key: &str) -> Value {
        let header = &self.call.headers["authorization"];
        let token = header.strip_prefix("vapid t=").unwrap();
        let (token, key) = token.split_once(", k=").unwrap();
        assert_eq!(key, public_key);
        let (said, signature) = token.rsplit_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&bytes(key)).unwrap();
        let signature = Signature::from_slice(&bytes(signature)).unwrap();
        verifying.verify(said.as_bytes(), &signature).unwrap();
        let (_, claims) = said.split_once('.').unwrap();
        serde_json::from_slice(&bytes(claims)).unwrap()
    }
}

fn extract(salt: &[u8], input: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt).unwrap();
    mac.update(input);
    mac.finalize().into_bytes().into()
}

/// HKDF-Expand, limited to the first block, which is long enough for every use here.
fn expand(key: &[u8], info: &[u8]) -> [u8; 32] {
    extract(key, &[info, &[1]].concat())
}
