//! Obligations of [`domain::port::WebhookLog`].

mod hook;

use std::sync::Arc;

use domain::port::webhook_log::{LogLimits, LogPage, Tried, WebhookClaim};
use domain::port::webhooks::WebhookChange;
use domain::{Attempt, DeliveryState, EventId, Telling, Timestamp};

use self::hook::Hook;
use crate::made::telling;
use crate::{CROWD, Store, at, at_once, fresh};

contract!(webhook_log {
    a_delivery_is_kept_once,
    what_is_due_is_told,
    deliveries_come_in_order,
    a_webhook_has_one_holder,
    a_holder_who_leaves_is_not_waited_for,
    a_try_is_kept,
    a_finished_delivery_comes_no_more,
    a_log_is_read_from_its_end,
    what_is_too_much_is_trimmed,
});

pub async fn a_delivery_is_kept_once(store: &Store) {
    let (hook, other) = (Hook::new(store).await, Hook::new(store).await);
    let told = telling(fresh());
    let both = [hook.id(), other.id(), fresh()];
    let answers = at_once(CROWD, |_| {
        let log = Arc::clone(&store.webhook_log);
        async move { log.enqueue(&told, &both, at(5)).await }
    });
    for answer in answers.await {
        answer.unwrap();
    }
    let ping = Telling {
        what: None,
        room: None,
        ..telling(fresh())
    };
    hook.enqueue(&[ping], 6).await;
    assert_eq!(
        hook.log().await,
        [hook.pending(ping, 6), hook.pending(told, 5)]
    );
    assert_eq!(other.log().await, [other.pending(told, 5)]);

    // Even once it is delivered.
    hook.settle(told.event, DeliveryState::Delivered, 7).await;
    hook.enqueue(&[told], 8).await;
    assert_eq!(hook.events(fresh(), 9, 20).await, [ping.event]);
    store.webhook_log.enqueue(&told, &[], at(9)).await.unwrap();
}

pub async fn what_is_due_is_told(store: &Store) {
    let hook = Hook::new(store).await;
    let told = telling(fresh());
    assert!(!hook.is_due(100).await);
    hook.enqueue(&[told], 5).await;
    assert!(!hook.is_due(4).await);
    assert!(hook.is_due(5).await);
    hook.postpone(told.event, 30).await;
    assert!(!hook.is_due(29).await);
    assert!(hook.is_due(30).await);

    for enabled in [false, true] {
        let change = WebhookChange {
            enabled: Some(enabled),
            ..WebhookChange::default()
        };
        store.webhooks.change(hook.id(), &change).await.unwrap();
        assert_eq!(hook.is_due(30).await, enabled);
    }
    hook.settle(told.event, DeliveryState::Dropped, 31).await;
    assert!(!hook.is_due(100).await);
}

pub async fn deliveries_come_in_order(store: &Store) {
    let (hook, other) = (Hook::new(store).await, Hook::new(store).await);
    let mut all: Vec<Telling> = (0..5).map(|_| telling(fresh())).collect();
    // Their ids do not define the order.
    all.reverse();
    hook.enqueue(&all, 5).await;
    other.enqueue(&[telling(fresh())], 5).await;
    let holder = fresh();
    let ids: Vec<EventId> = all.iter().map(|told| told.event).collect();
    assert_eq!(hook.events(holder, 4, 100).await, []);
    assert_eq!(hook.events(holder, 5, 100).await, ids);
    let claim = WebhookClaim {
        limit: 2,
        ..hook.claim(holder, 5, 100)
    };
    let first = store.webhook_log.claim(&claim).await.unwrap();
    assert_eq!(first, [hook.pending(all[0], 5), hook.pending(all[1], 5)]);

    hook.postpone(ids[0], 50).await;
    assert_eq!(hook.events(holder, 49, 100).await, ids[1..]);
    let mut later = ids[1..].to_vec();
    later.push(ids[0]);
    assert_eq!(hook.events(holder, 50, 100).await, later);
}

pub async fn a_webhook_has_one_holder(store: &Store) {
    let (hook, other) = (Hook::new(store).await, Hook::new(store).await);
    for one in [&hook, &other] {
        one.enqueue(&[telling(fresh())], 0).await;
    }
    let (ana, ben) = (fresh(), fresh());
    let count = async |one: &Hook, holder, now, until| one.events(holder, now, until).await.len();
    assert_eq!(count(&hook, ana, 0, 100).await, 1);
    assert_eq!(count(&hook, ben, 99, 200).await, 0);
    assert_eq!(count(&other, ben, 50, 150).await, 1);
    // Claiming again renews the lease.
    assert_eq!(count(&hook, ana, 60, 160).await, 1);
    assert_eq!(count(&hook, ben, 120, 220).await, 0);
    assert_eq!(count(&hook, ben, 160, 260).await, 1);
    assert_eq!(count(&hook, ana, 161, 261).await, 0);
    assert_eq!(count(&hook, ana, 260, 300).await, 1);

    // Of several claimants that find it free at once one takes it.
    let answers = at_once(CROWD, |_| {
        let hook = hook.clone();
        async move { hook.events(fresh(), 300, 400).await.len() }
    })
    .await;
    assert_eq!(answers.iter().sum::<usize>(), 1);
    let unknown = WebhookClaim {
        webhook: fresh(),
        ..hook.claim(ana, 500, 600)
    };
    assert_eq!(store.webhook_log.claim(&unknown).await.unwrap(), []);
}

pub async fn a_holder_who_leaves_is_not_waited_for(store: &Store) {
    let (one, two, other) = (
        Hook::new(store).await,
        Hook::new(store).await,
        Hook::new(store).await,
    );
    for hook in [&one, &two, &other] {
        hook.enqueue(&[telling(fresh())], 0).await;
    }
    let (ana, ben, cyd) = (fresh(), fresh(), fresh());
    let takes = async |hook: &Hook, holder| hook.events(holder, 1, 100).await.len() == 1;
    assert!(takes(&one, ana).await && takes(&two, ana).await && takes(&other, ben).await);
    assert!(!takes(&one, cyd).await);
    for _ in 0..2 {
        store.webhook_log.release(ana).await.unwrap();
    }
    assert!(takes(&one, cyd).await && takes(&two, cyd).await);
    assert!(!takes(&other, cyd).await);
}

pub async fn a_try_is_kept(store: &Store) {
    let hook = Hook::new(store).await;
    let told = telling(fresh());
    hook.enqueue(&[told], 5).await;
    let refused = |moment, status| Attempt {
        at: at(moment),
        status,
        error: Some("it answered \u{1f33b}".to_owned()),
    };
    let mut expected = hook.pending(told, 5);
    for (moment, status) in [(6, Some(500)), (7, None)] {
        let tried = Tried {
            due_at: at(moment + 20),
            attempt: Some(refused(moment, status)),
            ..hook.tried(told.event, DeliveryState::Pending)
        };
        store.webhook_log.settle(&tried).await.unwrap();
        expected.tries += 1;
        expected.due_at = Some(at(moment + 20));
        expected.last = Some(refused(moment, status));
        assert_eq!(hook.log().await, [expected.clone()]);
        assert_eq!(hook.failing_since().await, Some(at(6)));
    }
    hook.settle(told.event, DeliveryState::Delivered, 9).await;
    expected.tries += 1;
    expected.state = DeliveryState::Delivered;
    expected.due_at = None;
    expected.last = Some(Attempt {
        at: at(9),
        status: Some(204),
        error: None,
    });
    assert_eq!(hook.log().await, [expected]);
    assert_eq!(hook.failing_since().await, None);

    // Unknown deliveries are not an error: the webhook may have been removed in the meantime.
    let unknown = hook.tried(fresh(), DeliveryState::Dead);
    store.webhook_log.settle(&unknown).await.unwrap();
}

pub async fn a_finished_delivery_comes_no_more(store: &Store) {
    let hook = Hook::new(store).await;
    let all: Vec<Telling> = (0..4).map(|_| telling(fresh())).collect();
    hook.enqueue(&all, 5).await;
    let ids: Vec<EventId> = all.iter().map(|told| told.event).collect();
    let over = [
        DeliveryState::Delivered,
        DeliveryState::Dead,
        DeliveryState::Dropped,
    ];
    for (id, state) in ids.iter().zip(over) {
        hook.settle(*id, state, 6).await;
    }
    let holder = fresh();
    assert_eq!(hook.events(holder, 1_000, 2_000).await, ids[3..]);

    let replay = async |ids: &[EventId]| {
        let replayed = store.webhook_log.replay(hook.id(), ids, at(2_000)).await;
        replayed.unwrap()
    };
    assert_eq!(replay(&[]).await, 0);
    assert_eq!(replay(&[ids[1], fresh(), ids[0]]).await, 2);
    assert_eq!(hook.events(holder, 1_999, 2_500).await, ids[3..]);
    let mut now = hook.events(holder, 2_000, 3_000).await;
    now.sort_unstable();
    let mut again = vec![ids[0], ids[1], ids[3]];
    again.sort_unstable();
    assert_eq!(now, again);
    let log = hook.log().await;
    let dead = log.iter().find(|one| one.telling.event == ids[1]).unwrap();
    assert_eq!((dead.state, dead.tries), (DeliveryState::Pending, 0));
}

pub async fn a_log_is_read_from_its_end(store: &Store) {
    let (hook, other) = (Hook::new(store).await, Hook::new(store).await);
    let all: Vec<Telling> = (0..5).map(|_| telling(fresh())).collect();
    hook.enqueue(&all, 5).await;
    other.enqueue(&all, 5).await;
    let mut ids: Vec<EventId> = all.iter().map(|told| told.event).collect();
    for id in [ids[1], ids[3]] {
        hook.settle(id, DeliveryState::Dead, 6).await;
    }
    ids.reverse();
    let page = async |state, before, limit| {
        let page = LogPage {
            webhook: hook.id(),
            state,
            before,
            limit,
        };
        let log = store.webhook_log.page(&page).await.unwrap();
        log.iter().map(|one| one.telling.event).collect::<Vec<_>>()
    };
    assert_eq!(page(None, None, 10).await, ids);
    assert_eq!(page(None, None, 2).await, ids[..2]);
    assert_eq!(page(None, Some(ids[1]), 2).await, ids[2..4]);
    let dead = Some(DeliveryState::Dead);
    assert_eq!(page(dead, None, 10).await, [ids[1], ids[3]]);
    assert_eq!(page(dead, Some(ids[1]), 10).await, [ids[3]]);
    assert_eq!(page(Some(DeliveryState::Delivered), None, 10).await, []);
    // A page after an unknown delivery is empty.
    assert_eq!(page(None, Some(fresh()), 10).await, []);
}

pub async fn what_is_too_much_is_trimmed(store: &Store) {
    let (hook, other) = (Hook::new(store).await, Hook::new(store).await);
    let all: Vec<Telling> = (0..8)
        .map(|number| Telling {
            at: at(number),
            ..telling(fresh())
        })
        .collect();
    hook.enqueue(&all, 10).await;
    other.enqueue(&all, 10).await;
    let ids: Vec<EventId> = all.iter().map(|told| told.event).collect();
    // 0, 2, 4 and 6 are finished, 1, 3, 5 and 7 are pending.
    for id in ids.iter().step_by(2) {
        hook.settle(*id, DeliveryState::Delivered, 11).await;
    }
    let trim = async |finished, since, pending| {
        let limits = LogLimits {
            finished,
            since: at(since),
            pending,
        };
        store.webhook_log.trim(hook.id(), &limits).await.unwrap()
    };
    let left = async || {
        let log = hook.log().await;
        log.iter().map(|one| one.telling.at).collect::<Vec<_>>()
    };
    let moments = |all: &[i64]| all.iter().copied().map(at).collect::<Vec<Timestamp>>();
    assert_eq!(trim(4, 0, 4).await, 0);
    assert_eq!(left().await.len(), 8);
    assert_eq!(trim(3, 0, 4).await, 0);
    assert_eq!(left().await, moments(&[7, 6, 5, 4, 3, 2, 1]));
    // A pending delivery is never too old.
    assert_eq!(trim(3, 3, 4).await, 0);
    assert_eq!(left().await, moments(&[7, 6, 5, 4, 3, 1]));
    assert_eq!(trim(9, 0, 3).await, 1);
    let log = hook.log().await;
    let states: Vec<DeliveryState> = log.iter().map(|one| one.state).collect();
    assert_eq!(states[5], DeliveryState::Dead);
    let waiting = states
        .iter()
        .filter(|state| **state == DeliveryState::Pending);
    assert_eq!(waiting.count(), 3);
    assert_eq!(other.log().await.len(), 8);
}
