//! Arrivals, and how many connections a subject has.

use std::sync::Arc;

use domain::port::Presence;
use domain::port::presence::{Arrival, Departure, Lease, Subject};
use domain::{RoomId, UserId};

use super::scene::{KINDS, connect, here, is_here, lease, release, sweep};
use crate::{CROWD, ahead, at_once, fresh};

pub async fn the_first_connection_brings_a_subject(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let subject = new();
        let arrivals = at_once(CROWD, |_| {
            let presence = Arc::clone(presence);
            async move { connect(&presence, subject, 0, 100).await.1 }
        })
        .await;
        let came = arrivals.iter().filter(|it| **it == Arrival::Came);
        assert_eq!(came.count(), 1);

        assert!(is_here(presence, subject, 0).await);
        let (_, again) = connect(presence, subject, 50, 150).await;
        assert_eq!(again, Arrival::WasHere);
        let (_, stranger) = connect(presence, new(), 50, 150).await;
        assert_eq!(stranger, Arrival::Came);
    }
}

pub async fn of_many_connections_at_once_each_has_its_number(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let subject = new();
        let number = |lease: Lease, now: i64| {
            let presence = Arc::clone(presence);
            async move {
                let arrived = presence.connect(&lease, ahead(now), ahead(now + 15));
                arrived.await.unwrap().open
            }
        };
        let crowd: Vec<Lease> = (0..25).map(|_| lease(subject, 50)).collect();
        let mut numbers = at_once(crowd.len(), |one| number(crowd[one], 0)).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=25).collect::<Vec<usize>>());
        assert_eq!(number(lease(new(), 50), 0).await, 1, "of another");

        // Released connections count for their grace period, but are not open.
        for gone in &crowd[..20] {
            release(presence, *gone, 10).await;
        }
        let phone = lease(subject, 50);
        assert_eq!(number(phone, 0).await, 6);
        assert_eq!(number(phone, 0).await, 6, "told again");
        // An expired connection does not count, and one that expires exactly then does not lie beyond
        // it.
        assert_eq!(number(lease(subject, 100), 35).await, 1);
    }
}

pub async fn subjects_are_told_apart(presence: &Arc<dyn Presence>) {
    let [ana, ben]: [UserId; 2] = [fresh(), fresh()];
    let [cellar, attic]: [RoomId; 2] = [fresh(), fresh()];
    let visit = |room, user| Subject::Visit { room, user };
    let all = [
        visit(attic, ana),
        Subject::Person(ben),
        visit(cellar, ben),
        Subject::Person(ana),
        visit(cellar, ana),
    ];
    assert_eq!(here(presence, &all, 0).await, []);
    let mut leases = Vec::new();
    for (number, subject) in all.into_iter().enumerate() {
        let (lease, arrival) = connect(presence, subject, 0, 100).await;
        assert_eq!(arrival, Arrival::Came, "{subject:?}");
        leases.push(lease);
        assert_eq!(here(presence, &all, 99).await, all[..=number]);
    }
    let online = presence.online(&[ben, fresh(), ana], ahead(99)).await;
    assert_eq!(online.unwrap(), [ben, ana]);

    // One connection may hold the presence of a person and of each of their visits.
    let connection = leases[0].connection;
    let every = leases.iter().map(|lease| Lease {
        connection,
        until: ahead(200),
        ..*lease
    });
    presence.renew(&every.collect::<Vec<_>>()).await.unwrap();
    assert_eq!(here(presence, &all, 199).await, all);
    let attic_of_ana = leases[0];
    let gone = release(presence, attic_of_ana, 0).await;
    assert_eq!(gone, Departure::Went);
    assert_eq!(here(presence, &all, 199).await, all[1..]);
    let mut swept = all[1..].to_vec();
    swept.sort_unstable();
    assert_eq!(sweep(presence, 201).await, swept);
}
