//! Connections of subjects of both kinds.

use std::sync::Arc;

use domain::port::Presence;
use domain::port::presence::{Arrival, Departure, Lease, Subject};
use domain::{ConnectionId, UserId};

use crate::{ahead, fresh};

/// Makes a new person, or a new visit: whatever holds for one holds for the other.
pub(super) const KINDS: [fn() -> Subject; 2] = [person, visit];

fn person() -> Subject {
    Subject::Person(fresh())
}

fn visit() -> Subject {
    Subject::Visit {
        room: fresh(),
        user: fresh::<UserId>(),
    }
}

/// A new connection on a new node.
pub(super) fn lease(subject: Subject, until: i64) -> Lease {
    Lease {
        subject,
        connection: fresh::<ConnectionId>(),
        node: fresh(),
        until: ahead(until),
    }
}

/// Opens a new connection on a new node.
pub(super) async fn connect(
    presence: &Arc<dyn Presence>,
    subject: Subject,
    now: i64,
    until: i64,
) -> (Lease, Arrival) {
    let lease = lease(subject, until);
    let arrived = presence.connect(&lease, ahead(now), ahead(now));
    (lease, arrived.await.unwrap().arrival)
}

/// Closes a connection at the suite's starting moment.
pub(super) async fn release(presence: &Arc<dyn Presence>, lease: Lease, until: i64) -> Departure {
    release_at(presence, lease, until, 0).await
}

pub(super) async fn release_at(
    presence: &Arc<dyn Presence>,
    lease: Lease,
    until: i64,
    now: i64,
) -> Departure {
    let Lease {
        subject,
        connection,
        ..
    } = lease;
    presence
        .release(subject, connection, ahead(until), ahead(now))
        .await
        .unwrap()
}

pub(super) async fn is_here(presence: &Arc<dyn Presence>, subject: Subject, now: i64) -> bool {
    here(presence, &[subject], now).await == [subject]
}

/// Which of them are present, in the given order.
pub(super) async fn here(
    presence: &Arc<dyn Presence>,
    subjects: &[Subject],
    now: i64,
) -> Vec<Subject> {
    presence.here(subjects, ahead(now)).await.unwrap()
}

/// The subjects that a sweep finds to be gone, by age.
pub(super) async fn sweep(presence: &Arc<dyn Presence>, now: i64) -> Vec<Subject> {
    let mut away = presence.sweep(ahead(now)).await.unwrap();
    away.sort_unstable();
    away
}
