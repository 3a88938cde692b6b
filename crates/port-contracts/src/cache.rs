//! Obligations of [`domain::port::Cache`].

use std::sync::Arc;

use bytes::Bytes;
use domain::port::Cache;
use domain::port::cache::CacheKey;

use crate::made::{cache_key, rev, seq};
use crate::{CROWD, Time, at_once, fresh};

contract!(cache {
    what_was_put_is_got_for_a_while,
    an_unknown_key_is_absent,
    putting_replaces,
    every_part_of_a_key_counts,
    nothing_is_kept_of_a_changed_place,
    one_claims_the_work,
    a_claim_is_held_on,
});

/// A cache with enough capacity for what a test stores, and its time.
pub struct Cached {
    pub cache: Arc<dyn Cache>,
    pub time: Time,
}

/// Longer than any test takes, in units of time.
const LONG: u32 = 600;

pub async fn what_was_put_is_got_for_a_while(it: &Cached) {
    let all_bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let values = [
        Bytes::new(),
        Bytes::from_static(b"\0"),
        Bytes::from_static("ñandú".as_bytes()),
        Bytes::from(all_bytes),
    ];
    let (long, short) = (
        values.clone().map(|_| cache_key()),
        values.clone().map(|_| cache_key()),
    );
    for (value, (long, short)) in values.iter().zip(long.iter().zip(&short)) {
        it.put(long, value, LONG).await;
        it.put(short, value, 1).await;
        assert_eq!(it.get(short).await.as_ref(), Some(value));
    }

    it.time.pass(2).await;
    for (value, (long, short)) in values.iter().zip(long.iter().zip(&short)) {
        assert_eq!(it.get(short).await, None);
        for _ in 0..2 {
            assert_eq!(it.get(long).await.as_ref(), Some(value));
        }
    }
}

pub async fn an_unknown_key_is_absent(it: &Cached) {
    let (one, other) = (cache_key(), cache_key());
    assert_eq!(it.get(&one).await, None);
    it.put(&one, &Bytes::from_static(b"one"), LONG).await;
    it.put(&other, &Bytes::from_static(b"other"), LONG).await;
    for _ in 0..2 {
        it.cache.remove(&one).await.unwrap();
        assert_eq!(it.get(&one).await, None);
    }
    assert_eq!(it.get(&other).await, Some(Bytes::from_static(b"other")));

    // A claim is not a value.
    assert!(it.claim(&one, LONG).await);
    assert_eq!(it.get(&one).await, None);
}

pub async fn putting_replaces(it: &Cached) {
    let key = cache_key();
    let (one, other) = (Bytes::from_static(b"long ago"), Bytes::from_static(b"now"));
    it.put(&key, &one, LONG).await;
    it.put(&key, &other, LONG).await;
    assert_eq!(it.get(&key).await, Some(other.clone()));

    // The TTL is replaced as well, by a shorter or a longer one.
    it.put(&key, &one, 1).await;
    it.time.pass(2).await;
    assert_eq!(it.get(&key).await, None);
    it.put(&key, &one, 1).await;
    it.put(&key, &other, LONG).await;
    it.time.pass(2).await;
    assert_eq!(it.get(&key).await, Some(other));
}

pub async fn every_part_of_a_key_counts(it: &Cached) {
    let room = fresh();
    let summary = |from, to, last, maker: &str| CacheKey::Summary {
        room,
        from: seq(from),
        to: seq(to),
        rev: rev(last),
        maker: maker.to_owned(),
    };
    let user = fresh();
    let notified_on = |device, user, read, personal| CacheKey::Notified {
        room,
        user,
        device,
        read: seq(read),
        personal,
    };
    let notified = |user, read, personal| notified_on(None, user, read, personal);
    let keys = [
        notified_on(Some(fresh()), user, 1, true),
        notified_on(Some(fresh()), user, 1, true),
        notified(user, 1, true),
        notified(user, 1, false),
        notified(user, 11, true),
        notified(fresh(), 1, true),
        CacheKey::Notified {
            room: fresh(),
            user,
            device: None,
            read: seq(1),
            personal: true,
        },
        summary(1, 11, 1, "model/1"),
        summary(11, 1, 1, "model/1"),
        summary(1, 1, 11, "model/1"),
        summary(1, 11, 2, "model/1"),
        summary(1, 11, 1, "model/11"),
        summary(1, 11, 1, "Model/1"),
        summary(1, 11, 1, ""),
        summary(1, 11, 1, "1:model/1 ñ{*}\n"),
        CacheKey::Summary {
            room: fresh(),
            from: seq(1),
            to: seq(11),
            rev: rev(1),
            maker: "model/1".to_owned(),
        },
    ];
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(it.get(key).await, None, "{key:?}");
        it.put(key, &Bytes::from(number.to_string()), LONG).await;
        assert!(it.claim(key, LONG).await, "{key:?}");
    }
    for (number, key) in keys.iter().enumerate() {
        assert_eq!(it.get(key).await, Some(Bytes::from(number.to_string())));
    }
}

pub async fn nothing_is_kept_of_a_changed_place(it: &Cached) {
    let (room, other) = (fresh(), fresh());
    let summary = |room, from, to, last, maker: &str| CacheKey::Summary {
        room,
        from: seq(from),
        to: seq(to),
        rev: rev(last),
        maker: maker.to_owned(),
    };
    let over = [
        summary(room, 1, 200, 7, "model/1"),
        summary(room, 1, 200, 9, "model/1"),
        summary(room, 1, 200, 9, "other:2 ñ{*}\n"),
        summary(room, 50, 50, 9, "model/1"),
        summary(room, 1, 50, 9, ""),
        summary(room, 50, 4000, 9, "model/1"),
    ];
    let beside = [
        summary(room, 1, 49, 9, "model/1"),
        summary(room, 51, 200, 9, "model/1"),
        summary(room, 500, 501, 50, "50"),
        summary(other, 1, 200, 9, "model/1"),
        CacheKey::Notified {
            room,
            user: fresh(),
            device: None,
            read: seq(50),
            personal: true,
        },
    ];
    let value = Bytes::from_static(b"what was said");
    for key in over.iter().chain(&beside) {
        it.put(key, &value, LONG).await;
    }
    for _ in 0..2 {
        it.cache.forget_place(room, seq(50)).await.unwrap();
        for key in &over {
            assert_eq!(it.get(key).await, None, "{key:?}");
        }
        for key in &beside {
            assert_eq!(it.get(key).await.as_ref(), Some(&value), "{key:?}");
        }
    }

    // What is stored later is found, and forgotten again, even where an entry of its kind was removed.
    for key in &over {
        it.put(key, &value, LONG).await;
    }
    it.cache.remove(&over[0]).await.unwrap();
    assert_eq!(it.get(&over[1]).await.as_ref(), Some(&value));
    it.cache.forget_place(room, seq(50)).await.unwrap();
    for key in &over {
        assert_eq!(it.get(key).await, None, "{key:?}");
    }
    it.cache.forget_place(fresh(), seq(50)).await.unwrap();
}

pub async fn one_claims_the_work(it: &Cached) {
    let held = cache_key();
    let granted = at_once(CROWD, |_| {
        let (cache, key, ttl) = (Arc::clone(&it.cache), held.clone(), it.time.units(LONG));
        async move { cache.claim(&key, ttl).await.unwrap() }
    })
    .await;
    assert_eq!(granted.into_iter().filter(|granted| *granted).count(), 1);

    // Storing the result does not end the claim; releasing it does.
    it.put(&held, &Bytes::from_static(b"done"), LONG).await;
    it.cache.remove(&held).await.unwrap();
    assert!(!it.claim(&held, LONG).await);
    assert!(it.claim(&cache_key(), LONG).await);
    it.cache.release(&held).await.unwrap();
    assert!(it.claim(&held, LONG).await);
    assert!(!it.claim(&held, LONG).await);
    it.cache.release(&cache_key()).await.unwrap();

    let lapsing = cache_key();
    assert!(it.claim(&lapsing, 1).await);
    it.time.pass(2).await;
    assert!(it.claim(&lapsing, LONG).await);
    assert!(!it.claim(&lapsing, 1).await);
    it.time.pass(2).await;
    assert!(
        !it.claim(&lapsing, 1).await,
        "the refused one shortened nothing"
    );
    assert!(!it.claim(&held, LONG).await);
}

pub async fn a_claim_is_held_on(it: &Cached) {
    let (longer, shorter, lapsed, released) = (cache_key(), cache_key(), cache_key(), cache_key());
    for key in [&longer, &shorter, &released] {
        assert!(it.claim(key, 10).await);
    }
    assert!(it.claim(&lapsed, 1).await);
    assert!(it.hold_on(&longer, LONG).await);
    assert!(it.hold_on(&shorter, 1).await);
    it.cache.release(&released).await.unwrap();
    assert!(!it.hold_on(&released, LONG).await);
    it.time.pass(2).await;
    assert!(!it.hold_on(&lapsed, LONG).await);
    for free in [&shorter, &lapsed, &released] {
        assert!(it.claim(free, LONG).await, "what was not renewed is free");
    }
    it.time.pass(10).await;
    assert!(!it.claim(&longer, LONG).await);
    assert!(!it.hold_on(&cache_key(), LONG).await);
}

impl Cached {
    async fn get(&self, key: &CacheKey) -> Option<Bytes> {
        self.cache.get(key).await.unwrap()
    }

    async fn put(&self, key: &CacheKey, value: &Bytes, units: u32) {
        let ttl = self.time.units(units);
        self.cache.put(key, value.clone(), ttl).await.unwrap();
    }

    async fn hold_on(&self, key: &CacheKey, units: u32) -> bool {
        let ttl = self.time.units(units);
        self.cache.hold_on(key, ttl).await.unwrap()
    }

    async fn claim(&self, key: &CacheKey, units: u32) -> bool {
        let ttl = self.time.units(units);
        self.cache.claim(key, ttl).await.unwrap()
    }
}
