//! As many people as a large node has.

use domain::NodeId;
use domain::port::Presence as _;
use domain::port::presence::{Lease, Subject};
use port_contracts::{ahead, fresh, unique};

use crate::nodes::node;

/// The number of connections, each of another person: more than are renewed in one call.
const PEOPLE: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_node_is_renewed_and_departs_in_one_go() {
    let store = node(&servers::redis_url(), &unique("test-"));
    let there: NodeId = fresh();
    // Each of them is online, and listens to a room.
    let people = (0..PEOPLE).map(|_| fresh());
    let mut subjects: Vec<Subject> = people
        .flat_map(|user| {
            let room = fresh();
            [Subject::Person(user), Subject::Visit { room, user }]
        })
        .collect();
    subjects.sort_unstable();
    let lease = |subject: &Subject| Lease {
        subject: *subject,
        connection: fresh(),
        node: there,
        until: ahead(50),
    };
    let leases: Vec<Lease> = subjects.iter().map(lease).collect();
    store.renew(&leases).await.unwrap();
    assert_eq!(store.here(&subjects, ahead(49)).await.unwrap(), subjects);
    assert_eq!(store.sweep(ahead(49)).await.unwrap(), []);
    let mut departed = store.sweep(ahead(51)).await.unwrap();
    departed.sort_unstable();
    assert_eq!(departed, subjects);
    assert_eq!(store.here(&subjects, ahead(0)).await.unwrap(), []);
}
