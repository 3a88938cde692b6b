//! [`Passwords`] by bcrypt.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::thread::available_parallelism;

use async_trait::async_trait;
use bcrypt::{BcryptError, BcryptResult};
use domain::port::Passwords;
use domain::{Failure, Password, PasswordHash};

use super::pool::{Pool, Undone};

const PORT: &str = "passwords";
/// The costs that bcrypt supports.
const COSTS: RangeInclusive<u32> = 4..=31;

/// Hashes passwords with bcrypt on threads of its own.
pub struct BcryptPasswords {
    cost: u32,
    /// A hash that no password matches, so that a login to a nonexistent account takes as long.
    decoy: String,
    pool: Pool,
}

impl BcryptPasswords {
    /// Starts the threads, with a queue for this many passwords. Zero threads means half of the
    /// machine's cores.
    pub fn new(cost: u32, threads: usize, queue: usize) -> Result<Self, Failure> {
        let threads = match threads {
            0 => available_parallelism()
                .map_or(1, NonZeroUsize::get)
                .div_ceil(2),
            some => some,
        };
        // Reported now rather than at the first login.
        if !COSTS.contains(&cost) {
            let error = BcryptError::CostNotAllowed(cost);
            return Err(Failure::lasting(PORT, "begin", error));
        }
        let pool = Pool::start("passwords", threads, queue)
            .map_err(|error| Failure::lasting(PORT, "begin", error))?;
        let decoy = decoy(cost);
        Ok(Self { cost, decoy, pool })
    }

    /// Runs bcrypt, and converts its errors to those of the port.
    async fn run<T: Send + 'static>(
        &self,
        action: &'static str,
        work: impl FnOnce() -> BcryptResult<T> + Send + 'static,
    ) -> Result<T, Failure> {
        match self.pool.run(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Failure::lasting(PORT, action, error)),
            Err(full @ Undone::Full) => Err(Failure::overloaded(PORT, action, full)),
            Err(broken @ Undone::BrokenOff) => Err(Failure::lasting(PORT, action, broken)),
        }
    }
}

#[async_trait]
impl Passwords for BcryptPasswords {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure> {
        let (password, cost) = (password.clone(), self.cost);
        // The non-truncating function also rejects exactly 72 bytes; a `Password` has at most that
        // many.
        self.run("hash", move || bcrypt::hash(password.reveal(), cost))
            .await
            .map(PasswordHash::from_string)
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, Failure> {
        let known = hash.is_some();
        let password = password.clone();
        let hash = hash
            .map_or(self.decoy.as_str(), PasswordHash::reveal)
            .to_owned();
        let same = self
            .run("verify", move || bcrypt::verify(password.reveal(), &hash))
            .await?;
        Ok(known && same)
    }
}

/// A well-formed hash of this cost: no salt, and a digest that no known password produces.
fn decoy(cost: u32) -> String {
    format!("$2b${cost:02}${}", ".".repeat(53))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Retry;
    use tokio::time::timeout;

    use super::super::pool::occupy;
    use super::*;

    fn passwords() -> BcryptPasswords {
        BcryptPasswords::new(4, 1, 1).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[tokio::test]
    async fn hashes_of_other_makers_verify() {
        // jBCrypt's test vector. The three prefixes denote the same algorithm.
        let known = "06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC";
        let right = password("abcdefghijklmnopqrstuvwxyz");
        let wrong = password("abcdefghijklmnopqrstuvwxyZ");
        let passwords = passwords();
        for version in ["2a", "2b", "2y"] {
            let hash = PasswordHash::from_string(format!("${version}${known}"));
            assert!(passwords.verify(&right, Some(&hash)).await.unwrap());
            assert!(!passwords.verify(&wrong, Some(&hash)).await.unwrap());
        }
    }

    #[tokio::test]
    async fn every_byte_counts() {
        let passwords = passwords();
        let (whole, other) = ("x".repeat(72), format!("{}y", "x".repeat(71)));
        let hash = passwords.hash(&password(&whole)).await.unwrap();
        assert!(
            passwords
                .verify(&password(&whole), Some(&hash))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(&password(&other), Some(&hash))
                .await
                .unwrap()
        );
    }

    #[tokio::test]
    async fn a_full_queue_is_overload() {
        let passwords = passwords();
        let horse = password("correct horse");
        let release = occupy(&passwords.pool);
        let waits = timeout(Duration::ZERO, passwords.hash(&horse)).await;
        assert!(waits.is_err(), "there is one place in the queue");
        let refusal = passwords.verify(&horse, None).await.unwrap_err();
        assert_eq!(refusal.retry, Retry::Shortly);

        drop(release);
        // The first call keeps its place in the queue until its turn comes.
        while passwords.hash(&horse).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn the_cost_is_the_given_one() {
        let hash = passwords().hash(&password("correct horse")).await.unwrap();
        assert!(hash.reveal().starts_with("$2b$04$"));
    }

    #[test]
    fn the_decoy_costs_the_same_work() {
        let parts: bcrypt::HashParts = decoy(9).parse().unwrap();
        assert_eq!(parts.get_cost(), 9);
    }

    #[test]
    fn a_cost_that_bcrypt_does_not_know_is_refused() {
        for cost in [0, 3, 32, 100] {
            let refusal = BcryptPasswords::new(cost, 1, 1).err().unwrap();
            assert_eq!(refusal.retry, Retry::Useless, "{cost}");
        }
    }

    #[tokio::test]
    async fn no_number_of_threads_is_still_some() {
        let passwords = BcryptPasswords::new(4, 0, 0).unwrap();
        assert!(passwords.hash(&password("correct horse")).await.is_ok());
    }
}
