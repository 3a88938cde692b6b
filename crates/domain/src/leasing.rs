//! The effect of a claim on a lease.
//!
//! Lanes of the outbox, and webhooks, are held by one node at a time. A store reads who holds one, asks
//! [`claim`] for the outcome, and writes the lease if it is granted.

use crate::{NodeId, Timestamp};

/// Who holds something, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The node that holds it.
    pub holder: NodeId,
    /// When it is free again.
    pub until: Timestamp,
}

/// The outcome of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Another node holds it.
    Refused,
    /// The claimant holds it for long enough. A claim that writes nothing does not wait for the disk.
    Kept,
    /// The claimant gets the lease that it wants.
    Granted,
}

/// Decides a claim. A claimant with more than half of the wanted time left keeps its lease as it is.
pub fn claim(held: Option<Lease>, wanted: Lease, now: Timestamp) -> Claimed {
    let half = wanted.until.since(now) / 2;
    match held {
        Some(held) if held.holder != wanted.holder && held.until > now => Claimed::Refused,
        Some(held) if held.holder == wanted.holder && held.until.since(now) > half => Claimed::Kept,
        Some(_) | None => Claimed::Granted,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(100);

    fn lease(holder: u128, until: i64) -> Lease {
        Lease {
            holder: NodeId::from_uuid(Uuid::from_u128(holder)),
            until: Timestamp::from_millis(until),
        }
    }

    fn claimed(held: Lease) -> Claimed {
        claim(Some(held), lease(1, 110), NOW)
    }

    #[test]
    fn what_is_free_is_granted() {
        assert_eq!(claim(None, lease(1, 110), NOW), Claimed::Granted);
        assert_eq!(claimed(lease(2, 99)), Claimed::Granted);
        assert_eq!(claimed(lease(2, 100)), Claimed::Granted);
    }

    #[test]
    fn what_another_node_holds_is_refused() {
        assert_eq!(claimed(lease(2, 101)), Claimed::Refused);
    }

    #[test]
    fn a_lease_is_renewed_when_half_of_it_is_over() {
        for (until, outcome) in [
            (99, Claimed::Granted),
            (105, Claimed::Granted),
            (106, Claimed::Kept),
            (110, Claimed::Kept),
        ] {
            assert_eq!(claimed(lease(1, until)), outcome);
        }
    }
}
