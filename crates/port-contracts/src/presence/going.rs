//! Departures, and who reports them.

use std::sync::Arc;

use domain::port::Presence;
use domain::port::presence::{Arrival, Departure, Lease, Subject};

use super::scene::{KINDS, connect, here, is_here, lease, release, release_at, sweep};
use crate::{CROWD, ahead, at_once};

pub async fn a_shortened_lease_is_a_grace(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let [ana, ben] = [new(), new()];
        for subject in [ana, ben] {
            let (lease, _) = connect(presence, subject, 0, 1_000).await;
            assert_eq!(release(presence, lease, 30).await, Departure::IsHere);
        }
        assert_eq!(here(presence, &[ana, ben], 29).await, [ana, ben]);
        assert!(sweep(presence, 29).await.is_empty());

        let (_, arrival) = connect(presence, ana, 29, 1_000).await;
        assert_eq!(arrival, Arrival::WasHere);
        assert_eq!(here(presence, &[ana, ben], 31).await, [ana]);
        assert_eq!(sweep(presence, 31).await, [ben]);

        // Releasing an unknown connection changes nothing.
        let stranger = new();
        for subject in [stranger, ben] {
            let unknown = lease(subject, 0);
            assert_eq!(release(presence, unknown, 1_000).await, Departure::Unknown);
        }
        assert!(here(presence, &[stranger, ben], 31).await.is_empty());
        assert!(sweep(presence, 999).await.is_empty());
        assert_eq!(sweep(presence, 1_001).await, [ana]);
    }
}

pub async fn the_last_connection_takes_its_subject_along(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let subject = new();
        let mut open = Vec::new();
        for _ in 0..CROWD {
            open.push(connect(presence, subject, 0, 100).await.0);
        }
        let unknown = release(presence, lease(subject, 0), 0).await;
        assert_eq!(unknown, Departure::Unknown);
        let departures = at_once(CROWD, |number| {
            let (presence, lease) = (Arc::clone(presence), open[number]);
            async move { release(&presence, lease, 0).await }
        })
        .await;
        let went = departures.iter().filter(|it| **it == Departure::Went);
        assert_eq!(went.count(), 1, "{departures:?}");
        let stayed = departures.iter().filter(|it| **it == Departure::IsHere);
        assert_eq!(stayed.count(), CROWD - 1, "{departures:?}");
        assert!(!is_here(presence, subject, 0).await);
        assert_eq!(release(presence, open[0], 0).await, Departure::Unknown);
        assert_eq!(sweep(presence, 1_000).await, []);

        // A connection after that is an arrival, and one that has expired already keeps nothing
        // present.
        let (lapses, arrival) = connect(presence, subject, 0, 10).await;
        assert_eq!(arrival, Arrival::Came);
        let (lasts, _) = connect(presence, subject, 0, 100).await;
        assert_eq!(release_at(presence, lasts, 20, 20).await, Departure::Went);
        assert_eq!(release(presence, lapses, 0).await, Departure::Unknown);
        assert_eq!(sweep(presence, 1_000).await, []);
    }
}

pub async fn a_sweep_tells_each_departure_once(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let mut away: Vec<Subject> = (0..50).map(|_| new()).collect();
        for subject in &away {
            connect(presence, *subject, 0, 100).await;
            connect(presence, *subject, 0, 101).await;
        }
        let (stays, half) = (new(), new());
        connect(presence, stays, 0, 1_000).await;
        connect(presence, half, 0, 100).await;
        connect(presence, half, 0, 1_000).await;
        assert!(sweep(presence, 99).await.is_empty());

        let told = at_once(CROWD, |_| {
            let presence = Arc::clone(presence);
            async move { sweep(&presence, 102).await }
        })
        .await;
        let mut told = told.concat();
        told.sort_unstable();
        away.sort_unstable();
        assert_eq!(told, away);
        assert!(sweep(presence, 102).await.is_empty());
        assert_eq!(here(presence, &[stays, half], 102).await, [stays, half]);
    }
}

pub async fn who_came_back_is_not_swept(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let [ana, ben] = [new(), new()];
        connect(presence, ana, 0, 100).await;
        let (bens, _) = connect(presence, ben, 0, 100).await;
        connect(presence, ana, 150, 300).await;
        let held = Lease {
            until: ahead(300),
            ..bens
        };
        presence.renew(&[held]).await.unwrap();
        assert!(sweep(presence, 200).await.is_empty());
        assert_eq!(here(presence, &[ana, ben], 200).await, [ana, ben]);

        for _ in 0..CROWD {
            come_back_amid_sweeps(presence, new()).await;
        }
    }
}

/// A subject that comes back during sweeps may have been reported as gone, and is present all the same.
async fn come_back_amid_sweeps(presence: &Arc<dyn Presence>, subject: Subject) {
    connect(presence, subject, 0, 100).await;
    at_once(4, |number| {
        let presence = Arc::clone(presence);
        async move {
            match number {
                0 => drop(connect(&presence, subject, 200, 300).await),
                _ => drop(sweep(&presence, 200).await),
            }
        }
    })
    .await;
    assert!(is_here(presence, subject, 200).await);
    assert!(!sweep(presence, 200).await.contains(&subject));
}
