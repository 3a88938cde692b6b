//! As many people as a great node has.

use domain::port::Presence as _;
use domain::port::presence::Lease;
use domain::{NodeId, UserId};
use port_contracts::{ahead, fresh, unique};

use crate::nodes::node;

/// So many connections, each of somebody else: more than are renewed in one call.
const PEOPLE: usize = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_node_is_renewed_and_departs_in_one_go() {
    let store = node(&servers::redis_url(), &unique("test-"));
    let there: NodeId = fresh();
    let mut people: Vec<UserId> = (0..PEOPLE).map(|_| fresh()).collect();
    people.sort_unstable();
    let lease = |user: &UserId| Lease {
        user: *user,
        connection: fresh(),
        node: there,
        until: ahead(50),
    };
    let leases: Vec<Lease> = people.iter().map(lease).collect();
    store.renew(&leases).await.unwrap();
    assert_eq!(store.online(&people, ahead(49)).await.unwrap(), people);
    assert_eq!(store.sweep(ahead(49)).await.unwrap(), []);
    let mut departed = store.sweep(ahead(51)).await.unwrap();
    departed.sort_unstable();
    assert_eq!(departed, people);
    assert_eq!(store.online(&people, ahead(0)).await.unwrap(), []);
}
