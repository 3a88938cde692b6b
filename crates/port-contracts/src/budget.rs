//! Obligations of [`domain::port::Budget`].
//!
//! Each test uses days of its own, far from today.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::port::Budget;
use domain::port::budget::Day;

use crate::{CROWD, at_once, fresh};

contract!(budget {
    no_more_is_set_aside_than_there_is,
    what_was_not_spent_is_there_again,
    what_was_spent_beyond_counts,
    days_are_counted_apart,
});

pub async fn no_more_is_set_aside_than_there_is(budget: &Arc<dyn Budget>) {
    let day = day();
    for (amount, most, granted) in [
        (0, 0, true),
        (1, 0, false),
        (60, 100, true),
        (41, 100, false),
        (40, 100, true),
        (1, 100, false),
        (0, 100, true),
        (u64::MAX, u64::MAX, false),
        (1, 101, true),
    ] {
        let answer = budget.set_aside(day, amount, most).await.unwrap();
        assert_eq!(answer, granted, "{amount} of {most}");
    }
    assert_eq!(budget.taken(day).await.unwrap(), 101);

    let crowded = self::day();
    let granted = at_once(CROWD, |_| {
        let budget = Arc::clone(budget);
        async move { budget.set_aside(crowded, 10, 55).await.unwrap() }
    })
    .await;
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), 5);
    assert_eq!(budget.taken(crowded).await.unwrap(), 50);
}

pub async fn what_was_not_spent_is_there_again(budget: &Arc<dyn Budget>) {
    let day = day();
    assert!(budget.set_aside(day, 100, 100).await.unwrap());
    assert!(!budget.set_aside(day, 80, 100).await.unwrap());
    budget.settle(day, 100, 20).await.unwrap();
    assert_eq!(budget.taken(day).await.unwrap(), 20);
    assert!(budget.set_aside(day, 80, 100).await.unwrap());
    budget.settle(day, 80, 0).await.unwrap();
    assert_eq!(budget.taken(day).await.unwrap(), 20);

    // Settling twice never makes the total negative.
    budget.settle(day, 500, 0).await.unwrap();
    assert_eq!(budget.taken(day).await.unwrap(), 0);
    assert!(!budget.set_aside(day, 101, 100).await.unwrap());
}

pub async fn what_was_spent_beyond_counts(budget: &Arc<dyn Budget>) {
    let day = day();
    assert!(budget.set_aside(day, 10, 100).await.unwrap());
    budget.settle(day, 10, 250).await.unwrap();
    assert_eq!(budget.taken(day).await.unwrap(), 250);
    assert!(!budget.set_aside(day, 1, 100).await.unwrap());
    assert!(budget.set_aside(day, 50, 300).await.unwrap());
}

pub async fn days_are_counted_apart(budget: &Arc<dyn Budget>) {
    let (one, other) = (day(), day());
    assert!(budget.set_aside(one, 100, 100).await.unwrap());
    assert_eq!(budget.taken(other).await.unwrap(), 0);
    assert!(budget.set_aside(other, 100, 100).await.unwrap());
    budget.settle(other, 100, 1).await.unwrap();
    assert_eq!(budget.taken(one).await.unwrap(), 100);
    assert_eq!(budget.taken(other).await.unwrap(), 1);
}

/// A day that neither another test nor an earlier run has used.
fn day() -> Day {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let (high, _) = fresh::<domain::RoomId>().as_uuid().as_u64_pair();
    let far = i64::try_from(high >> 24).unwrap();
    Day(far + NEXT.fetch_add(1, Ordering::Relaxed))
}
