//! Who is present, and for how long.

use std::sync::Arc;

use domain::port::Presence;
use domain::port::presence::{Arrival, Subject};

use super::scene::{KINDS, connect, here, is_here, lease, release, sweep};
use crate::ahead;

pub async fn a_subject_is_here_while_any_lease_holds(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let [ana, ben, cleo] = [new(), new(), new()];
        connect(presence, ana, 0, 100).await;
        let (longer, _) = connect(presence, ana, 0, 200).await;
        connect(presence, ben, 0, 100).await;

        assert_eq!(here(presence, &[cleo, ben, ana], 99).await, [ben, ana]);
        assert_eq!(here(presence, &[cleo, ben], 99).await, [ben]);
        assert_eq!(here(presence, &[ana, ben, cleo], 101).await, [ana]);
        assert_eq!(here(presence, &[ana, ben, cleo], 201).await, []);
        assert_eq!(here(presence, &[], 0).await, []);

        release(presence, longer, 50).await;
        assert!(is_here(presence, ana, 99).await, "the other one holds");
        assert!(!is_here(presence, ana, 101).await);
    }
}

pub async fn a_lapsed_lease_counts_no_more(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let subject = new();
        connect(presence, subject, 0, 100).await;
        assert!(is_here(presence, subject, 99).await);
        assert!(!is_here(presence, subject, 101).await, "nobody swept");
        let (_, arrival) = connect(presence, subject, 101, 200).await;
        assert_eq!(arrival, Arrival::Came);
        assert!(is_here(presence, subject, 199).await);
    }
}

pub async fn a_renewed_lease_holds_on(presence: &Arc<dyn Presence>) {
    for new in KINDS {
        let subjects: Vec<Subject> = (0..250).map(|_| new()).collect();
        let mut leases = Vec::new();
        for subject in &subjects {
            leases.push(connect(presence, *subject, 0, 100).await.0);
            // Its node knows of one more connection, whose lease was lost or never stored.
            leases.push(lease(*subject, 100));
        }
        for lease in &mut leases {
            lease.until = ahead(200);
        }
        presence.renew(&leases).await.unwrap();
        presence.renew(&[]).await.unwrap();
        assert_eq!(here(presence, &subjects, 199).await, subjects);
        assert!(sweep(presence, 150).await.is_empty());

        // The lost lease alone keeps its owner present.
        let [known, lost, ..] = leases[..] else {
            panic!("{leases:?}");
        };
        release(presence, known, 0).await;
        assert!(is_here(presence, lost.subject, 199).await);
        assert_eq!(sweep(presence, 201).await, subjects);
    }
}
