//! Obligations of [`domain::port::Courier`].

use std::sync::Arc;

use domain::port::Courier;
use domain::port::courier::{Callable, Handed, Parcel};
use domain::{EventId, WebhookSecret, WebhookUrl};

use crate::{at, fresh};

contract!(courier {
    a_parcel_is_handed_over,
    what_the_other_side_answers_is_told,
    that_nobody_answers_is_told,
    an_address_that_may_not_be_called_is_refused,
});

/// The key that signs each parcel, which the other end checks.
pub const SECRET: WebhookSecret = WebhookSecret::from_bits(*b"a key of two and thirty bytes 32");

/// The other end of a courier, which nothing else calls.
pub trait Doorstep: Send + Sync {
    /// The parcels received, in order.
    fn taken(&self) -> Vec<(EventId, Vec<u8>)>;

    /// Sets the status of all later answers.
    fn answer(&self, status: u16);
}

/// A courier with its other end.
pub struct Couriers {
    pub courier: Arc<dyn Courier>,
    pub doorstep: Arc<dyn Doorstep>,
    /// The address of the other end.
    pub url: WebhookUrl,
    /// An address where nothing answers.
    pub nowhere: WebhookUrl,
    /// Addresses that may not be called, though something would answer.
    pub forbidden: Vec<WebhookUrl>,
}

impl Couriers {
    async fn hand(&self, url: &WebhookUrl, id: EventId, body: &[u8]) -> Handed {
        let parcel = Parcel {
            url,
            secret: &SECRET,
            id,
            at: at(7),
            body,
        };
        self.courier.hand(&parcel).await
    }
}

pub async fn a_parcel_is_handed_over(both: &Couriers) {
    assert_eq!(both.courier.check(&both.url).await, Callable::Yes);
    let parcels: Vec<(EventId, Vec<u8>)> = ["{}", "{\"a\":\"\u{1f33b}\"}"]
        .into_iter()
        .map(|body| (fresh(), body.as_bytes().to_vec()))
        .collect();
    for (id, body) in &parcels {
        let handed = both.hand(&both.url, *id, body).await;
        assert!(matches!(handed, Handed::Taken(200..=299)), "{handed:?}");
    }
    assert_eq!(both.doorstep.taken(), parcels);
}

pub async fn what_the_other_side_answers_is_told(both: &Couriers) {
    for status in [500, 404, 410, 302, 429] {
        both.doorstep.answer(status);
        let handed = both.hand(&both.url, fresh(), b"{}").await;
        assert_eq!(handed, Handed::Refused(status));
    }
    for status in [204, 202] {
        both.doorstep.answer(status);
        let handed = both.hand(&both.url, fresh(), b"{}").await;
        assert_eq!(handed, Handed::Taken(status));
    }
}

pub async fn that_nobody_answers_is_told(both: &Couriers) {
    let handed = both.hand(&both.nowhere, fresh(), b"{}").await;
    let Handed::Failed(words) = handed else {
        panic!("{handed:?}");
    };
    assert!(!words.contains(both.nowhere.as_str()), "{words}");
}

pub async fn an_address_that_may_not_be_called_is_refused(both: &Couriers) {
    assert!(!both.forbidden.is_empty());
    for url in &both.forbidden {
        let checked = both.courier.check(url).await;
        assert!(matches!(checked, Callable::No(_)), "{}", url.as_str());
        let handed = both.hand(url, fresh(), b"{}").await;
        assert!(matches!(handed, Handed::Failed(_)), "{}", url.as_str());
    }
    assert_eq!(both.doorstep.taken(), []);
}
