//! Callers that are cancelled in the middle of a call, or never receive its result.

use domain::port::Sessions as _;
use domain::port::sessions::{Rotated, Rotation};
use domain::{SessionOrigin, UserAgent};
use port_contracts::{drop_after, fresh};

use crate::ground::Ground;
use crate::scene::{
    GRACE, SECOND, lives, open, origin, rotate, rotation, session, start, today, token,
};

/// More suspension points than any call has.
const WAITS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_goes_away_while_renewing_can_renew_again() {
    let ground = Ground::new().await;
    let (store, other) = (ground.store(), ground.store());
    for waits in 0..WAITS {
        let (session, first) = open(&store).await;
        let second = token();
        let exchange = rotation(first, second, start() + SECOND);
        let answered = drop_after(waits, store.rotate(&exchange)).await;

        // The client asks again, on another node, and continues with what it is given.
        match rotate(&other, first, second, start() + SECOND * 2).await {
            Rotated::Renewed(again) | Rotated::Repeated(again) => assert_eq!(again.id, session.id),
            refused => panic!("after {waits} waits: {refused:?}"),
        }
        assert!(lives(&other, &session, second).await);
        let third = token();
        let renewed = rotate(&other, second, third, start() + SECOND * 3).await;
        assert!(
            matches!(renewed, Rotated::Renewed(_)),
            "after {waits} waits: {renewed:?}"
        );

        // And a thief with a copy of the first token is detected.
        let stolen = rotate(&store, first, token(), start() + GRACE * 2).await;
        assert!(
            matches!(stolen, Rotated::Reused(_)),
            "after {waits} waits: {stolen:?}"
        );
        assert!(!lives(&store, &session, third).await);
        if answered.is_some() {
            assert!(waits > 3, "a call is not over after {waits} waits");
            return;
        }
    }
    panic!("it never ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_goes_away_while_signing_in_can_sign_in_again() {
    let ground = Ground::new().await;
    for waits in 0..WAITS {
        // Each time with a new node, which creates the indexes first.
        let store = ground.store();
        let (new, first) = (session(fresh(), start()), token());
        let answered = drop_after(waits, store.open(&new, first)).await;
        for _ in 0..2 {
            store.open(&new, first).await.unwrap();
        }
        let listed = store.of_user(new.user, start()).await.unwrap();
        assert_eq!(listed.as_slice(), std::slice::from_ref(&new));
        let rotated = rotate(&store, first, token(), start()).await;
        assert!(
            matches!(rotated, Rotated::Renewed(_)),
            "after {waits} waits: {rotated:?}"
        );
        if answered.is_some() {
            return;
        }
    }
    panic!("it never ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_id_or_a_token_is_used_once() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (one, its) = open(&store).await;
    let (_, others) = open(&store).await;
    for (session, token) in [
        (one.clone(), token()),
        (session(fresh(), start()), its),
        (one.clone(), others),
    ] {
        let failure = store.open(&session, token).await.unwrap_err();
        assert_eq!(failure.retry, domain::Retry::Useless);
    }
    assert!(lives(&store, &one, its).await);
    store.end(one.id, one.user, start()).await.unwrap();
    store.open(&one, its).await.unwrap_err();

    let taken = rotation(others, its, start());
    store.rotate(&taken).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_grace_begins_when_the_exchange_comes_true() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (new, first) = (session(fresh(), today()), token());
    store.open(&new, first).await.unwrap();

    // Like a change that was stuck, for longer than the grace period, in a server that hung.
    let second = token();
    let begun = rotation(first, second, today() - GRACE * 5);
    let renewed = store.rotate(&begun).await.unwrap();
    assert!(matches!(renewed, Rotated::Renewed(_)), "{renewed:?}");
    let again = rotate(&store, first, second, today()).await;
    assert!(matches!(again, Rotated::Repeated(_)), "{again:?}");
    let late = rotate(&store, first, second, today() + GRACE * 2).await;
    assert!(matches!(late, Rotated::Reused(_)), "{late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_clients_call_themselves_is_no_expression() {
    let ground = Ground::new().await;
    let store = ground.store();
    let (session, mut presented) = open(&store).await;
    for name in [
        "$current",
        "$$ROOT",
        "$",
        "{ $literal: 1 }",
        "a\u{feff}$b",
        "",
    ] {
        for ip in [Some("2001:db8::7".parse().unwrap()), None] {
            let exchange = Rotation {
                origin: SessionOrigin {
                    ip,
                    user_agent: UserAgent::clip(name),
                },
                ..rotation(presented, token(), start())
            };
            let expected = domain::Session {
                last_used_at: exchange.at,
                expires_at: exchange.expires_at,
                origin: exchange.origin.clone(),
                ..session.clone()
            };
            let renewed = store.rotate(&exchange).await.unwrap();
            assert_eq!(renewed, Rotated::Renewed(expected.clone()));
            presented = exchange.replacement;
            assert_eq!(
                store.of_user(session.user, start()).await.unwrap(),
                [expected]
            );
        }
    }
    let opened = domain::Session {
        origin: origin("$$NOW"),
        ..crate::scene::session(fresh(), start())
    };
    store.open(&opened, token()).await.unwrap();
    assert_eq!(store.of_user(opened.user, start()).await.unwrap(), [opened]);
}
