//! Verifying a password.

use std::sync::Arc;

use domain::port::Passwords;
use domain::{Failure, Password, PasswordHash};

/// Verified in place of a text that cannot be anybody's password, so that the check costs the same.
const DECOY: &str = "nobody's password";

/// Verifies a typed text against an account's password.
///
/// The work is the same whether the password is right or wrong, whether the account exists, and
/// whether the text could be a password at all, so that the timing reveals nothing.
pub(super) async fn proves(
    passwords: &Arc<dyn Passwords>,
    typed: String,
    hash: Option<&PasswordHash>,
) -> Result<bool, Failure> {
    if let Ok(password) = Password::parse(typed) {
        return passwords.verify(&password, hash).await;
    }
    if let Ok(decoy) = Password::parse(DECOY) {
        passwords.verify(&decoy, None).await?;
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CountedPasswords, PASSWORD, World};

    #[tokio::test]
    async fn every_answer_costs_one_comparison() {
        let world = World::new();
        let counted = CountedPasswords::over(&world.ports.passwords);
        let passwords: Arc<dyn Passwords> = Arc::<CountedPasswords>::clone(&counted);
        let right = Password::parse(PASSWORD).unwrap();
        let hash = passwords.hash(&right).await.unwrap();
        let long = "x".repeat(73);

        for (typed, hash, proof) in [
            (PASSWORD, Some(&hash), true),
            ("wrong horse", Some(&hash), false),
            (PASSWORD, None, false),
            ("short", Some(&hash), false),
            (long.as_str(), Some(&hash), false),
            ("nul\0 in it", None, false),
            (DECOY, None, false),
        ] {
            let proven = proves(&passwords, typed.to_owned(), hash).await.unwrap();
            assert_eq!(proven, proof, "{typed:?}");
        }
        assert_eq!(counted.compared(), 7);
    }
}
