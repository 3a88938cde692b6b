//! The public keys that others verify our access tokens with.

use std::sync::Arc;

use domain::port::AccessTokens;

use crate::Ports;

/// Publishes the public halves of the keys that sign access tokens.
pub struct PublicKeys {
    access_tokens: Arc<dyn AccessTokens>,
}

impl PublicKeys {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            access_tokens: Arc::clone(&ports.access_tokens),
        }
    }

    /// The keys as a JSON Web Key Set: an empty one if tokens are signed with a shared secret,
    /// which is never published.
    pub fn run(&self) -> String {
        self.access_tokens
            .key_set()
            .unwrap_or_else(|| r#"{"keys":[]}"#.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[test]
    fn a_shared_secret_is_not_published() {
        let keys = PublicKeys::new(&World::new().ports);
        assert_eq!(keys.run(), r#"{"keys":[]}"#);
    }
}
