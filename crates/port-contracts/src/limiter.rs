//! Obligations of [`domain::port::Limiter`].
//!
//! Limits are per hours, and the tests pass in the time, so it does not matter how long they run.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use domain::port::Limiter;
use domain::port::limiter::{Admission, Left, Limit, LimitKey};

use crate::{CROWD, ahead, at_once, fresh, unique};

contract!(limiter {
    as_many_as_the_limit_are_granted,
    points_come_back_evenly,
    a_limited_call_takes_no_point,
    a_returned_point_is_there_again,
    keys_are_counted_apart,
    a_look_takes_no_point,
    the_answer_tells_what_is_left,
    a_clock_that_is_set_back_locks_nobody_out,
});

/// One point per hour.
const FIVE: Limit = Limit {
    points: 5,
    per: Duration::from_hours(5),
};

const HOUR: Duration = Duration::from_hours(1);
const MOMENT: Duration = Duration::from_millis(1);

pub async fn as_many_as_the_limit_are_granted(limiter: &Arc<dyn Limiter>) {
    for points in [1, 5, 7, 600] {
        let (key, limit) = (key(), Limit { points, ..FIVE });
        assert_eq!(take_all(limiter, &key, limit, HOUR).await, points);
        assert!(!admits(limiter, &key, limit, HOUR).await);
    }

    let key = key();
    let granted = at_once(CROWD, |_| {
        let (limiter, key) = (Arc::clone(limiter), key.clone());
        async move { admits(&limiter, &key, FIVE, HOUR).await }
    })
    .await;
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), 5);

    let unlimited = [
        Limit { points: 0, ..FIVE },
        Limit {
            per: Duration::ZERO,
            ..FIVE
        },
    ];
    for limit in unlimited {
        for _ in 0..20 {
            assert!(admits(limiter, &key, limit, HOUR).await);
        }
    }
}

pub async fn points_come_back_evenly(limiter: &Arc<dyn Limiter>) {
    let key = key();
    assert_eq!(take_all(limiter, &key, FIVE, Duration::ZERO).await, 5);
    assert!(!admits(limiter, &key, FIVE, HOUR.saturating_sub(MOMENT)).await);
    assert_eq!(take_all(limiter, &key, FIVE, HOUR).await, 1);
    assert_eq!(take_all(limiter, &key, FIVE, HOUR * 2).await, 1);
    assert_eq!(take_all(limiter, &key, FIVE, HOUR * 4).await, 2);
    assert_eq!(take_all(limiter, &key, FIVE, HOUR * 9).await, 5);
    // However long a key is idle, it never has more than all its points.
    assert_eq!(take_all(limiter, &key, FIVE, HOUR * 1_000).await, 5);
}

pub async fn a_limited_call_takes_no_point(limiter: &Arc<dyn Limiter>) {
    let key = key();
    assert_eq!(take_all(limiter, &key, FIVE, Duration::ZERO).await, 5);
    for minutes in 0..60 {
        let now = Duration::from_mins(minutes);
        match admit(limiter, &key, FIVE, now).await {
            Admission::Limited { retry_after, .. } => assert_eq!(now + retry_after, HOUR),
            granted @ Admission::Granted { .. } => panic!("{granted:?}"),
        }
    }
    assert_eq!(take_all(limiter, &key, FIVE, HOUR).await, 1);
}

pub async fn a_returned_point_is_there_again(limiter: &Arc<dyn Limiter>) {
    let one = key();
    assert_eq!(take_all(limiter, &one, FIVE, HOUR).await, 5);
    for _ in 0..2 {
        give_back(limiter, &one, HOUR).await;
    }
    assert_eq!(take_all(limiter, &one, FIVE, HOUR).await, 2);

    // Giving back never yields more than all points, neither at once nor later.
    for _ in 0..20 {
        give_back(limiter, &one, HOUR).await;
    }
    assert_eq!(take_all(limiter, &one, FIVE, HOUR).await, 5);
    assert_eq!(take_all(limiter, &one, FIVE, HOUR * 2).await, 1);

    let untouched = key();
    give_back(limiter, &untouched, HOUR).await;
    assert_eq!(take_all(limiter, &untouched, FIVE, HOUR).await, 5);

    // Concurrent taking and giving back leaves exactly what came back.
    let busy = key();
    assert_eq!(take_all(limiter, &busy, FIVE, HOUR).await, 5);
    at_once(3, |_| {
        let (limiter, key) = (Arc::clone(limiter), busy.clone());
        async move { give_back(&limiter, &key, HOUR).await }
    })
    .await;
    assert_eq!(take_all(limiter, &busy, FIVE, HOUR).await, 3);
}

pub async fn keys_are_counted_apart(limiter: &Arc<dyn Limiter>) {
    let (user, room) = (fresh(), fresh());
    let ip = some_address();
    let account = unique("ana:");
    let keys = [
        LimitKey::Messages(user, room),
        LimitKey::Messages(user, fresh()),
        LimitKey::Messages(fresh(), room),
        LimitKey::Person(user),
        LimitKey::Summaries(user),
        LimitKey::RoomSummaries(room),
        LimitKey::LoginAddress(ip),
        LimitKey::Registrations(ip),
        LimitKey::Anonymous(ip),
        LimitKey::LoginNetwork(account.clone(), ip),
        LimitKey::LoginNetwork(format!("{account}:{ip}"), some_address()),
        LimitKey::LoginAccount(account.clone()),
        LimitKey::LoginAccount(account.to_uppercase()),
        LimitKey::LoginAccount(format!("{account}:{ip}")),
        LimitKey::LoginAccount(format!("{account} ñ\n{{}}*?")),
        LimitKey::LoginAddress(IpAddr::V4(Ipv4Addr::from_bits(some_bits()))),
    ];
    for key in &keys {
        assert_eq!(take_all(limiter, key, FIVE, HOUR).await, 5, "{key:?}");
    }
    give_back(limiter, &keys[3], HOUR).await;
    for key in &keys {
        let expected = u32::from(*key == keys[3]);
        let left = take_all(limiter, key, FIVE, HOUR).await;
        assert_eq!(left, expected, "{key:?}");
    }
}

pub async fn a_look_takes_no_point(limiter: &Arc<dyn Limiter>) {
    let one = key();
    let left = |remaining: u32, hours: u32, wait: u32| Left {
        remaining,
        reset: HOUR * hours,
        retry_after: HOUR * wait,
    };
    for taken in 0..5 {
        for _ in 0..3 {
            let expected = left(5 - taken, taken, 0);
            assert_eq!(look(limiter, &one, HOUR).await, expected);
        }
        assert!(admits(limiter, &one, FIVE, HOUR).await);
    }
    assert_eq!(look(limiter, &one, HOUR).await, left(0, 5, 1));
    assert!(!admits(limiter, &one, FIVE, HOUR).await);
    let almost = look(limiter, &one, (HOUR * 2).saturating_sub(MOMENT)).await;
    assert_eq!((almost.remaining, almost.retry_after), (0, MOMENT));
    assert_eq!(look(limiter, &one, HOUR * 2).await, left(1, 4, 0));
    assert_eq!(look(limiter, &one, HOUR * 9).await, left(5, 0, 0));
    // Even if the clock was set back, nobody waits for longer than restoring all points takes.
    assert_eq!(look(limiter, &one, Duration::ZERO).await, left(0, 5, 1));
    assert_eq!(take_all(limiter, &one, FIVE, HOUR * 9).await, 5);
    let none = Limit { points: 0, ..FIVE };
    let unlimited = limiter.look(&one, none, ahead(0)).await.unwrap();
    assert_eq!(unlimited.retry_after, Duration::ZERO);
}

pub async fn the_answer_tells_what_is_left(limiter: &Arc<dyn Limiter>) {
    let one = key();
    for taken in 1..=5 {
        let granted = Admission::Granted {
            remaining: 5 - taken,
            reset: HOUR * taken,
        };
        assert_eq!(admit(limiter, &one, FIVE, HOUR).await, granted);
    }
    let refusal = Admission::Limited {
        retry_after: HOUR,
        reset: HOUR * 5,
    };
    assert_eq!(admit(limiter, &one, FIVE, HOUR).await, refusal);
    let soon = Admission::Limited {
        retry_after: MOMENT,
        reset: HOUR * 4 + MOMENT,
    };
    let almost = (HOUR * 2).saturating_sub(MOMENT);
    assert_eq!(admit(limiter, &one, FIVE, almost).await, soon);
    let granted = Admission::Granted {
        remaining: 2,
        reset: HOUR * 3,
    };
    assert_eq!(admit(limiter, &one, FIVE, HOUR * 4).await, granted);

    // Including where a point is not restored in a whole number of milliseconds.
    let (three, thirds) = (
        key(),
        Limit {
            points: 3,
            per: HOUR + MOMENT,
        },
    );
    assert_eq!(take_all(limiter, &three, thirds, Duration::ZERO).await, 3);
    let Admission::Limited { retry_after, reset } =
        admit(limiter, &three, thirds, Duration::ZERO).await
    else {
        panic!("there is no fourth");
    };
    let early = retry_after.saturating_sub(MOMENT * 2);
    assert!(!admits(limiter, &three, thirds, early).await);
    assert!(admits(limiter, &three, thirds, retry_after).await);
    assert_eq!(take_all(limiter, &three, thirds, reset + HOUR).await, 3);
}

pub async fn a_clock_that_is_set_back_locks_nobody_out(limiter: &Arc<dyn Limiter>) {
    let (key, year) = (key(), HOUR * 24 * 365);
    assert_eq!(take_all(limiter, &key, FIVE, year).await, 5);
    match admit(limiter, &key, FIVE, Duration::ZERO).await {
        Admission::Limited { retry_after, reset } => {
            assert!(retry_after <= HOUR, "{retry_after:?}");
            assert!(reset <= FIVE.per, "{reset:?}");
        }
        granted @ Admission::Granted { .. } => panic!("{granted:?}"),
    }
    assert_eq!(take_all(limiter, &key, FIVE, FIVE.per).await, 5);

    give_back(limiter, &key, Duration::ZERO).await;
    assert_eq!(take_all(limiter, &key, FIVE, FIVE.per * 2).await, 5);
}

/// A fresh key.
fn key() -> LimitKey {
    LimitKey::Messages(fresh(), fresh())
}

fn some_address() -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(
        fresh::<domain::NodeId>().as_uuid().as_u128(),
    ))
}

/// The random end of a new id.
fn some_bits() -> u32 {
    let [.., a, b, c, d] = fresh::<domain::NodeId>().as_uuid().into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

async fn admit(
    limiter: &Arc<dyn Limiter>,
    key: &LimitKey,
    limit: Limit,
    now: Duration,
) -> Admission {
    limiter.admit(key, limit, ahead(0) + now).await.unwrap()
}

async fn look(limiter: &Arc<dyn Limiter>, key: &LimitKey, now: Duration) -> Left {
    limiter.look(key, FIVE, ahead(0) + now).await.unwrap()
}

async fn admits(limiter: &Arc<dyn Limiter>, key: &LimitKey, limit: Limit, now: Duration) -> bool {
    let admission = admit(limiter, key, limit, now).await;
    matches!(admission, Admission::Granted { .. })
}

/// Takes all available points, and returns how many there were.
async fn take_all(limiter: &Arc<dyn Limiter>, key: &LimitKey, limit: Limit, now: Duration) -> u32 {
    let mut taken = 0;
    while admits(limiter, key, limit, now).await {
        taken += 1;
        assert!(taken <= limit.points, "more than the limit");
    }
    taken
}

async fn give_back(limiter: &Arc<dyn Limiter>, key: &LimitKey, now: Duration) {
    limiter.give_back(key, FIVE, ahead(0) + now).await.unwrap();
}
