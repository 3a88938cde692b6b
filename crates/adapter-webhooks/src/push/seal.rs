//! Encryption to a browser (RFC 8291, in a single record of RFC 8188).

use domain::PushKeys;
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::elliptic_curve::ecdh::diffie_hellman;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;

use super::key::point;

/// The size of the single record, which every push service must accept.
const RECORD: u32 = 4_096;
/// Salt, record size, the length of a key and the key.
const HEADER: usize = 16 + 4 + 1 + 65;
/// The delimiter that ends a record, and the authentication tag.
const AROUND: usize = 1 + 16;
/// Maximum length of the plain text.
pub(super) const MOST: usize = 4_096 - HEADER - AROUND;
/// The delimiter of the last record.
const LAST: u8 = 2;
/// How many random candidates are tried for a key; that none of them is valid is practically
/// impossible.
const TRIES: usize = 8;

/// Why nothing was encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsealed {
    #[error("the public key of the subscription is invalid")]
    Key,
    #[error("the system gave no random bytes")]
    Randomness,
    #[error("encryption failed")]
    Cipher,
}

/// The public key of a browser, if it is valid.
pub(super) fn key_of(keys: &PushKeys) -> Result<PublicKey, Unsealed> {
    PublicKey::from_sec1_bytes(keys.point()).map_err(|_invalid| Unsealed::Key)
}

/// Encrypts for a browser, with a new key and salt each time.
pub(super) fn seal(text: &[u8], to: &PushKeys) -> Result<Vec<u8>, Unsealed> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|_none| Unsealed::Randomness)?;
    seal_with(text, to, &ephemeral()?, &salt)
}

fn ephemeral() -> Result<SecretKey, Unsealed> {
    for _ in 0..TRIES {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_none| Unsealed::Randomness)?;
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            return Ok(key);
        }
    }
    Err(Unsealed::Randomness)
}

fn seal_with(
    text: &[u8],
    to: &PushKeys,
    ours: &SecretKey,
    salt: &[u8; 16],
) -> Result<Vec<u8>, Unsealed> {
    let theirs = key_of(to)?;
    let shared = diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
    let public = point(&ours.public_key()).ok_or(Unsealed::Key)?;

    let agreed = mac(to.secret(), &[shared.raw_secret_bytes()])?;
    let input = mac(&agreed, &[b"WebPush: info\0", to.point(), &public, &[1]])?;
    let start = mac(salt, &[&input])?;
    let key = mac(&start, &[b"Content-Encoding: aes128gcm\0", &[1]])?;
    let nonce = mac(&start, &[b"Content-Encoding: nonce\0", &[1]])?;

    let mut record = text.to_vec();
    record.push(LAST);
    encrypt(&mut record, &key, &nonce).ok_or(Unsealed::Cipher)?;

    let mut sealed = Vec::with_capacity(HEADER + record.len());
    sealed.extend_from_slice(salt);
    sealed.extend_from_slice(&RECORD.to_be_bytes());
    sealed.push(65);
    sealed.extend_from_slice(&public);
    sealed.extend_from_slice(&record);
    Ok(sealed)
}

/// HMAC-SHA256 over several pieces. Both steps of HKDF come down to this, since no output is longer
/// than a digest.
fn mac(key: &[u8], pieces: &[&[u8]]) -> Result<[u8; 32], Unsealed> {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.map_err(|_length| Unsealed::Cipher)?;
    for piece in pieces {
        mac.update(piece);
    }
    Ok(mac.finalize().into_bytes().into())
}

/// AES-128-GCM. A key is used only once, so its nonce cannot repeat.
fn encrypt(record: &mut Vec<u8>, key: &[u8; 32], nonce: &[u8; 32]) -> Option<()> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, key.get(..16)?).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(nonce.get(..12)?).ok()?;
    key.seal_in_place_append_tag(nonce, Aad::empty(), record)
        .ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn browser() -> PushKeys {
        let point = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        PushKeys::parse(&point, &bytes("BTBZMqHH6r4Tts7J_aSIgg")).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn it_seals_as_the_standard_does() {
        let ours = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let ours = SecretKey::from_slice(&ours).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(text, &browser(), &ours, &salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T\
             lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn nothing_is_sealed_twice_alike_and_the_longest_fits() {
        let text = [b'x'; MOST];
        let (one, other) = (seal(&text, &browser()), seal(&text, &browser()));
        assert_ne!(one, other);
        assert_eq!(one.unwrap().len(), 4_096);
    }

    #[test]
    fn a_point_beside_the_curve_is_no_key() {
        let mut beside = *browser().point();
        beside[64] ^= 1;
        for point in [beside, [4; 65], [0; 65]] {
            let keys = PushKeys::parse(&point, &[7; 16]).unwrap();
            assert_eq!(seal(b"x", &keys), Err(Unsealed::Key));
        }
    }
}
