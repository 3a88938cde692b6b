//! Finds the keys of this server.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::error::{KeysError, io_error};
use super::kept::{PUSH, TOKENS, exposed, kept, key_file, new_secret};
use crate::settings::Settings;

/// The size of an HS256 digest. A shorter secret would be the weakest part of a token.
pub(super) const LEAST_BYTES: usize = 32;
/// Separates this use of a key from every other. Another label would change every successor.
const REFRESH_LABEL: &[u8] = b"tertulia refresh successor v1";

/// The key that signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub enum SigningKey {
    /// A secret that signs and verifies, HS256.
    Secret(Vec<u8>),
    /// A private key in PEM that signs; its public half verifies.
    Pem(Vec<u8>),
}

/// The keys of this server, with warnings for its operator.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// Signs access tokens.
    pub signing: SigningKey,
    /// Derives the successor of a refresh token. A key of its own, so that no signature reveals it.
    pub refresh: [u8; 32],
    /// Identifies this server to push services and browsers; `None` if push is off.
    pub push: Option<String>,
    /// Warnings to be logged.
    pub warnings: Vec<String>,
}

impl Keys {
    /// Finds the keys of this server, or generates them if that is allowed.
    pub fn find(settings: &Settings) -> Result<Self, KeysError> {
        Ok(Self {
            push: push(settings)?,
            ..Self::of_tokens(settings)?
        })
    }

    fn of_tokens(settings: &Settings) -> Result<Self, KeysError> {
        let profile = &settings.profile;
        if let Some(path) = &settings.auth.key_file {
            return pem(path);
        }
        if let Some(secret) = &settings.auth.jwt_secret {
            let secret = secret.expose().as_bytes();
            if secret.len() >= LEAST_BYTES {
                return Ok(Self::of_secret(secret, Vec::new()));
            }
            if profile.is_strict() {
                return Err(KeysError::Short(secret.len(), profile.to_string()));
            }
            let warning = format!(
                "JWT_SECRET has {} bytes: production refuses fewer than {LEAST_BYTES}",
                secret.len()
            );
            return Ok(Self::of_secret(secret, vec![warning]));
        }
        if profile.is_strict() {
            return Err(KeysError::Missing(profile.to_string()));
        }
        if settings.storage.memory {
            // Nothing else outlives this process either.
            return Ok(Self::of_secret(new_secret(TOKENS)?.as_bytes(), Vec::new()));
        }
        let (path, secret) = kept(&settings.data_dir, TOKENS)?;
        let warning = format!(
            "JWT_SECRET is not set: tokens are signed with {}, which was made here and is good for \
             one node only",
            path.display()
        );
        Ok(Self::of_secret(secret.as_bytes(), vec![warning]))
    }

    /// The file in which [`Keys::find`] would store a new key, if it would generate one.
    pub fn to_be_made(settings: &Settings) -> Option<PathBuf> {
        let given = settings.auth.key_file.is_some() || settings.auth.jwt_secret.is_some();
        if given || settings.profile.is_strict() || settings.storage.memory {
            return None;
        }
        let path = key_file(&settings.data_dir, TOKENS);
        (!path.exists()).then_some(path)
    }

    fn of_secret(secret: &[u8], warnings: Vec<String>) -> Self {
        Self {
            signing: SigningKey::Secret(secret.to_vec()),
            refresh: derived(secret),
            push: None,
            warnings,
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("signing", &self.signing)
            .field("refresh", &"[secret]")
            .field("push", &self.push.as_ref().map(|_| "[secret]"))
            .field("warnings", &self.warnings)
            .finish()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret([secret])",
            Self::Pem(_) => "Pem([secret])",
        })
    }
}

/// The key for Web Push: the configured one, or a generated one if this node is the only one.
/// Another node could not push to browsers that subscribed with it.
fn push(settings: &Settings) -> Result<Option<String>, KeysError> {
    if let Some(key) = &settings.push.private_key {
        return Ok(Some(key.expose().to_owned()));
    }
    if !settings.makes_push_key() {
        return Ok(None);
    }
    if settings.storage.memory {
        return Ok(Some(new_secret(PUSH)?));
    }
    let (_path, key) = kept(&settings.data_dir, PUSH)?;
    Ok(Some(key))
}

fn pem(path: &Path) -> Result<Keys, KeysError> {
    let text = fs::read(path).map_err(io_error(path, "read"))?;
    let private = String::from_utf8_lossy(&text);
    if !private.contains("-----BEGIN") || !private.contains("PRIVATE KEY-----") {
        return Err(KeysError::NotPem(path.to_owned()));
    }
    // Mounted secrets often have modes that nobody chose, so this is only a warning.
    let warnings = match exposed(path)? {
        Some(mode) => vec![format!(
            "{} may be read by others (mode {mode:04o})",
            path.display()
        )],
        None => Vec::new(),
    };
    Ok(Keys {
        refresh: derived(&text),
        push: None,
        signing: SigningKey::Pem(text),
        warnings,
    })
}

/// HKDF's extract step, with the label as its salt.
fn derived(secret: &[u8]) -> [u8; 32] {
    let mut salt = [0; 64];
    for (byte, label) in salt.iter_mut().zip(REFRESH_LABEL) {
        *byte = *label;
    }
    let mut mac = Hmac::<Sha256>::new(&salt.into());
    mac.update(secret);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Environment, load};

    const LONG: &str = "0123456789abcdef0123456789abcdef";

    fn found(variables: &[(&str, &str)]) -> Result<Keys, KeysError> {
        let environment: Environment = variables.iter().copied().collect();
        Keys::find(&load(&environment, Path::new("/nowhere")).unwrap())
    }

    #[test]
    fn a_given_secret_signs() {
        let keys = found(&[("JWT_SECRET", LONG), ("PROFILE", "production")]).unwrap();
        assert_eq!(keys.signing, SigningKey::Secret(LONG.as_bytes().to_vec()));
        assert_eq!(keys.warnings, Vec::<String>::new());
    }

    #[test]
    fn a_short_secret_is_warned_of_and_refused_in_production() {
        let given = ("VAPID_PRIVATE_KEY", "given");
        let keys = found(&[("JWT_SECRET", "sesame"), given]).unwrap();
        assert!(keys.warnings[0].contains("6 bytes"), "{:?}", keys.warnings);
        let refusal = found(&[("JWT_SECRET", "sesame"), ("PROFILE", "production")]).unwrap_err();
        assert!(matches!(refusal, KeysError::Short(6, _)));
    }

    #[test]
    fn production_makes_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let refusal = found(&[("PROFILE", "production"), ("DATA_DIR", path)]).unwrap_err();
        assert!(refusal.to_string().contains("set JWT_SECRET"), "{refusal}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn elsewhere_one_is_made_with_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let variables = [("DATA_DIR", folder.path().to_str().unwrap())];
        let keys = found(&variables).unwrap();
        assert!(keys.warnings[0].contains("jwt.key"), "{:?}", keys.warnings);
        assert_eq!(found(&variables).unwrap(), keys);

        let text = fs::read_to_string(folder.path().join("jwt.key")).unwrap();
        let given = ("VAPID_PRIVATE_KEY", "given");
        let carried = found(&[("JWT_SECRET", text.trim()), given]).unwrap();
        assert_eq!(
            carried.signing, keys.signing,
            "the text can be carried over"
        );
    }

    #[test]
    fn memory_keeps_no_key() {
        let variables = [
            ("TERTULIA_STORAGE__MEMORY", "true"),
            ("DATA_DIR", "/proc/none"),
        ];
        assert_ne!(found(&variables).unwrap(), found(&variables).unwrap());
    }

    #[test]
    fn a_key_file_must_be_a_private_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let variables = [
            ("TERTULIA_AUTH__KEY_FILE", path.to_str().unwrap()),
            ("VAPID_PRIVATE_KEY", "given"),
        ];
        assert!(matches!(found(&variables), Err(KeysError::Io { .. })));
        let pem = |kind| format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n");
        fs::write(&path, pem("PUBLIC KEY")).unwrap();
        assert!(matches!(found(&variables), Err(KeysError::NotPem(_))));
        fs::write(&path, pem("PRIVATE KEY")).unwrap();
        let keys = found(&variables).unwrap();
        assert_eq!(
            keys.signing,
            SigningKey::Pem(pem("PRIVATE KEY").into_bytes())
        );
    }

    /// The expected value was computed by other means: a change would invalidate every refresh
    /// token.
    #[test]
    fn the_refresh_key_is_derived_and_another() {
        let given = ("VAPID_PRIVATE_KEY", "given");
        let keys = found(&[("JWT_SECRET", LONG), given]).unwrap();
        let start = [0x2a, 0x96, 0x5d, 0x7d, 0x97, 0x4e, 0xf9, 0x13];
        assert_eq!(keys.refresh[..8], start);
    }

    #[test]
    fn a_key_for_pushes_is_given_or_made_once_and_never_in_production() {
        let folder = tempfile::tempdir().unwrap();
        let data = ("DATA_DIR", folder.path().to_str().unwrap());
        let strict = [data, ("JWT_SECRET", LONG), ("PROFILE", "production")];
        assert_eq!(found(&strict).unwrap().push, None);
        let shared = [
            data,
            ("DATABASE_URL", "postgres://db/chat"),
            ("REDIS_URL", "redis://db"),
            ("MONGODB_URL", "mongodb://db"),
        ];
        assert_eq!(found(&shared).unwrap().push, None);
        assert!(!folder.path().join("push.key").exists());
        let made = found(&[data]).unwrap().push.unwrap();
        assert_eq!(made.len(), 43, "32 bytes");
        assert_eq!(found(&[data]).unwrap().push.unwrap(), made);
        let given = ("VAPID_PRIVATE_KEY", "given");
        let mut strict = strict.to_vec();
        strict.push(given);
        assert_eq!(found(&strict).unwrap().push.as_deref(), Some("given"));
        assert_eq!(
            found(&[data, given]).unwrap().push.as_deref(),
            Some("given")
        );
    }

    #[test]
    fn keys_do_not_show() {
        let given = ("VAPID_PRIVATE_KEY", "given");
        let keys = found(&[("JWT_SECRET", LONG), given]).unwrap();
        assert_eq!(
            format!("{keys:?}"),
            r#"Keys { signing: Secret([secret]), refresh: "[secret]", push: Some("[secret]"), warnings: [] }"#
        );
    }
}
