//! Obligations of [`domain::port::Presence`].
//!
//! A sweep is of everybody, so each test opens a presence that nobody else sweeps.

use std::sync::Arc;

use domain::port::Presence;
use domain::port::presence::{Arrival, Lease};
use domain::{ConnectionId, UserId};

use crate::{CROWD, ahead, at_once, fresh};

contract!(presence {
    the_first_connection_brings_online,
    of_many_connections_at_once_each_has_its_number,
    a_person_is_online_while_any_lease_holds,
    a_lapsed_lease_counts_no_more,
    a_renewed_lease_holds_on,
    a_shortened_lease_is_a_grace,
    a_sweep_tells_each_departure_once,
    who_came_back_is_not_swept,
});

pub async fn the_first_connection_brings_online(presence: &Arc<dyn Presence>) {
    let user = fresh();
    let arrivals = at_once(CROWD, |_| {
        let presence = Arc::clone(presence);
        async move { connect(&presence, user, 0, 100).await.1 }
    })
    .await;
    let came = arrivals.iter().filter(|it| **it == Arrival::CameOnline);
    assert_eq!(came.count(), 1);

    assert!(is_online(presence, user, 0).await);
    assert_eq!(connect(presence, user, 50, 150).await.1, Arrival::WasOnline);
    let (_, stranger) = connect(presence, fresh(), 50, 150).await;
    assert_eq!(stranger, Arrival::CameOnline);
}

pub async fn of_many_connections_at_once_each_has_its_number(presence: &Arc<dyn Presence>) {
    let user = fresh();
    let number = |lease: Lease, now: i64| {
        let presence = Arc::clone(presence);
        async move {
            let arrived = presence.connect(&lease, ahead(now), ahead(now + 15));
            arrived.await.unwrap().open
        }
    };
    let crowd: Vec<Lease> = (0..25).map(|_| lease(user, 50)).collect();
    let mut numbers = at_once(crowd.len(), |one| number(crowd[one], 0)).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=25).collect::<Vec<usize>>());
    assert_eq!(number(lease(fresh(), 50), 0).await, 1, "of another person");

    // Those that were released hold on, for their grace, and are not open.
    for gone in &crowd[..20] {
        release(presence, *gone, 10).await;
    }
    let phone = lease(user, 50);
    assert_eq!(number(phone, 0).await, 6);
    assert_eq!(number(phone, 0).await, 6, "told again");
    // What has lapsed is none, and what holds just until then is not beyond it.
    assert_eq!(number(lease(user, 100), 35).await, 1);
}

pub async fn a_person_is_online_while_any_lease_holds(presence: &Arc<dyn Presence>) {
    let [ana, ben, cleo]: [UserId; 3] = [fresh(), fresh(), fresh()];
    connect(presence, ana, 0, 100).await;
    let (longer, _) = connect(presence, ana, 0, 200).await;
    connect(presence, ben, 0, 100).await;

    assert_eq!(online(presence, &[cleo, ben, ana], 99).await, [ana, ben]);
    assert_eq!(online(presence, &[cleo, ben], 99).await, [ben]);
    assert_eq!(online(presence, &[ana, ben, cleo], 101).await, [ana]);
    assert_eq!(online(presence, &[ana, ben, cleo], 201).await, []);
    assert_eq!(online(presence, &[], 0).await, []);

    release(presence, longer, 50).await;
    assert!(is_online(presence, ana, 99).await, "the other one holds");
    assert!(!is_online(presence, ana, 101).await);
}

pub async fn a_lapsed_lease_counts_no_more(presence: &Arc<dyn Presence>) {
    let user = fresh();
    connect(presence, user, 0, 100).await;
    assert!(is_online(presence, user, 99).await);
    assert!(!is_online(presence, user, 101).await, "nobody swept");
    let (_, arrival) = connect(presence, user, 101, 200).await;
    assert_eq!(arrival, Arrival::CameOnline);
    assert!(is_online(presence, user, 199).await);
}

pub async fn a_renewed_lease_holds_on(presence: &Arc<dyn Presence>) {
    let people: Vec<UserId> = (0..250).map(|_| fresh()).collect();
    let mut leases = Vec::new();
    for user in &people {
        leases.push(connect(presence, *user, 0, 100).await.0);
        // Its node knows of one more, which is lost or was never told of.
        leases.push(lease(*user, 100));
    }
    for lease in &mut leases {
        lease.until = ahead(200);
    }
    presence.renew(&leases).await.unwrap();
    presence.renew(&[]).await.unwrap();
    assert_eq!(online(presence, &people, 199).await, people);
    assert!(sweep(presence, 150).await.is_empty());

    // The lost one alone holds its owner up.
    let [known, lost, ..] = leases[..] else {
        panic!("{leases:?}");
    };
    release(presence, known, 0).await;
    assert!(is_online(presence, lost.user, 199).await);
    assert_eq!(sweep(presence, 201).await, people);
}

pub async fn a_shortened_lease_is_a_grace(presence: &Arc<dyn Presence>) {
    let [ana, ben]: [UserId; 2] = [fresh(), fresh()];
    for user in [ana, ben] {
        let (lease, _) = connect(presence, user, 0, 1_000).await;
        release(presence, lease, 30).await;
    }
    assert_eq!(online(presence, &[ana, ben], 29).await, [ana, ben]);
    assert!(sweep(presence, 29).await.is_empty());

    let (_, arrival) = connect(presence, ana, 29, 1_000).await;
    assert_eq!(arrival, Arrival::WasOnline);
    assert_eq!(online(presence, &[ana, ben], 31).await, [ana]);
    assert_eq!(sweep(presence, 31).await, [ben]);

    // A connection that nobody knows leaves nothing.
    let stranger = fresh();
    release(presence, lease(stranger, 0), 1_000).await;
    release(presence, lease(ben, 0), 1_000).await;
    assert!(online(presence, &[stranger, ben], 31).await.is_empty());
    assert!(sweep(presence, 999).await.is_empty());
    assert_eq!(sweep(presence, 1_001).await, [ana]);
}

pub async fn a_sweep_tells_each_departure_once(presence: &Arc<dyn Presence>) {
    let mut away: Vec<UserId> = (0..50).map(|_| fresh()).collect();
    for user in &away {
        connect(presence, *user, 0, 100).await;
        connect(presence, *user, 0, 101).await;
    }
    let (here, half) = (fresh(), fresh());
    connect(presence, here, 0, 1_000).await;
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
    assert_eq!(online(presence, &[here, half], 102).await, [here, half]);
}

pub async fn who_came_back_is_not_swept(presence: &Arc<dyn Presence>) {
    let [ana, ben]: [UserId; 2] = [fresh(), fresh()];
    connect(presence, ana, 0, 100).await;
    let (bens, _) = connect(presence, ben, 0, 100).await;
    connect(presence, ana, 150, 300).await;
    let held = Lease {
        until: ahead(300),
        ..bens
    };
    presence.renew(&[held]).await.unwrap();
    assert!(sweep(presence, 200).await.is_empty());
    assert_eq!(online(presence, &[ana, ben], 200).await, [ana, ben]);

    for _ in 0..CROWD {
        come_back_amid_sweeps(presence).await;
    }
}

/// Whoever comes back in the middle of sweeps may have been told of, and is here all the same.
async fn come_back_amid_sweeps(presence: &Arc<dyn Presence>) {
    let user = fresh();
    connect(presence, user, 0, 100).await;
    at_once(4, |number| {
        let presence = Arc::clone(presence);
        async move {
            match number {
                0 => drop(connect(&presence, user, 200, 300).await),
                _ => drop(sweep(&presence, 200).await),
            }
        }
    })
    .await;
    assert!(is_online(presence, user, 200).await);
    assert!(!sweep(presence, 200).await.contains(&user));
}

fn lease(user: UserId, until: i64) -> Lease {
    Lease {
        user,
        connection: fresh::<ConnectionId>(),
        node: fresh(),
        until: ahead(until),
    }
}

/// Opens a new connection on a new node.
async fn connect(
    presence: &Arc<dyn Presence>,
    user: UserId,
    now: i64,
    until: i64,
) -> (Lease, Arrival) {
    let lease = lease(user, until);
    let arrived = presence.connect(&lease, ahead(now), ahead(now));
    (lease, arrived.await.unwrap().arrival)
}

async fn release(presence: &Arc<dyn Presence>, lease: Lease, until: i64) {
    let Lease {
        user, connection, ..
    } = lease;
    presence
        .release(user, connection, ahead(until))
        .await
        .unwrap();
}

async fn is_online(presence: &Arc<dyn Presence>, user: UserId, now: i64) -> bool {
    online(presence, &[user], now).await == [user]
}

/// Who of them is online, by age.
async fn online(presence: &Arc<dyn Presence>, users: &[UserId], now: i64) -> Vec<UserId> {
    let mut online = presence.online(users, ahead(now)).await.unwrap();
    online.sort_unstable();
    online
}

/// Who is away by a sweep, by age.
async fn sweep(presence: &Arc<dyn Presence>, now: i64) -> Vec<UserId> {
    let mut away = presence.sweep(ahead(now)).await.unwrap();
    away.sort_unstable();
    away
}
