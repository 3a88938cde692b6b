//! Authorising administrators of the deployment.

use std::fmt;

use domain::Refusal;
use sha2::{Digest as _, Sha256};

use crate::Policy;

/// The key that administrators of the deployment must present. Only its digest is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AdminKey([u8; 32]);

impl AdminKey {
    /// Makes a key from text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Whether `shown` is the key. The comparison is in constant time: it covers digests, and all
    /// bytes of them.
    fn is(&self, shown: &str) -> bool {
        let Self(shown) = Self::of(shown);
        let pairs = self.0.iter().zip(shown);
        pairs.fold(0, |different, (one, other)| different | (one ^ other)) == 0
    }
}

/// Never prints the key.
impl fmt::Debug for AdminKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminKey([secret])")
    }
}

/// Proof that the key was presented. Administrative use cases require it.
#[derive(Debug)]
pub struct Administrator(());

/// Admits administrators.
pub struct Administration {
    key: Option<AdminKey>,
}

impl Administration {
    pub(crate) const fn new(policy: &Policy) -> Self {
        Self { key: policy.admin }
    }

    /// Admits a caller who presents the key. Without a configured key there is nothing to
    /// administer.
    pub fn admit(&self, shown: Option<&str>) -> Result<Administrator, Refusal> {
        let key = self.key.ok_or(Refusal::NotFound)?;
        match shown {
            Some(shown) if key.is(shown) => Ok(Administrator(())),
            Some(_) | None => Err(Refusal::Unauthenticated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_opens_and_only_where_there_is_one() {
        let key = Some(AdminKey::of("a key of some length"));
        let desk = Administration { key };
        desk.admit(Some("a key of some length")).unwrap();
        for other in [None, Some(""), Some("a key of some lengti"), Some("a key")] {
            let refused = desk.admit(other).unwrap_err();
            assert_eq!(refused, Refusal::Unauthenticated, "{other:?}");
        }
        let closed = Administration { key: None };
        for shown in [None, Some(""), Some("a key of some length")] {
            assert_eq!(closed.admit(shown).unwrap_err(), Refusal::NotFound);
        }
        assert!(!format!("{key:?}").contains("some"));
    }
}
