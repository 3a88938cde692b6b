//! Obligations of [`domain::port::WebhookSender`].

use std::sync::Arc;

use domain::port::WebhookSender;
use domain::port::webhook_sender::{Callable, Sent, WebhookCall};
use domain::{EventId, WebhookSecret, WebhookUrl};

use crate::{at, fresh};

contract!(webhook_sender {
    a_webhook_is_sent,
    what_the_other_side_answers_is_told,
    that_nobody_answers_is_told,
    an_address_that_may_not_be_called_is_refused,
});

/// The key that signs each call, which the other end checks.
pub const SECRET: WebhookSecret = WebhookSecret::from_bits(*b"a key of two and thirty bytes 32");

/// The other end of a webhook sender, which nothing else calls.
pub trait WebhookReceiver: Send + Sync {
    /// The calls received, in order.
    fn taken(&self) -> Vec<(EventId, Vec<u8>)>;

    /// Sets the status of all later answers.
    fn answer(&self, status: u16);
}

/// A webhook sender with its other end.
pub struct WebhookSenders {
    pub sender: Arc<dyn WebhookSender>,
    pub receiver: Arc<dyn WebhookReceiver>,
    /// The address of the other end.
    pub url: WebhookUrl,
    /// An address where nothing answers.
    pub nowhere: WebhookUrl,
    /// Addresses that may not be called, though something would answer.
    pub forbidden: Vec<WebhookUrl>,
}

impl WebhookSenders {
    async fn send(&self, url: &WebhookUrl, id: EventId, body: &[u8]) -> Sent {
        let call = WebhookCall {
            url,
            secret: &SECRET,
            id,
            at: at(7),
            body,
        };
        self.sender.send(&call).await
    }
}

pub async fn a_webhook_is_sent(both: &WebhookSenders) {
    assert_eq!(both.sender.check(&both.url).await, Callable::Yes);
    let calls: Vec<(EventId, Vec<u8>)> = ["{}", "{\"a\":\"\u{1f33b}\"}"]
        .into_iter()
        .map(|body| (fresh(), body.as_bytes().to_vec()))
        .collect();
    for (id, body) in &calls {
        let sent = both.send(&both.url, *id, body).await;
        assert!(matches!(sent, Sent::Taken(200..=299)), "{sent:?}");
    }
    assert_eq!(both.receiver.taken(), calls);
}

pub async fn what_the_other_side_answers_is_told(both: &WebhookSenders) {
    for status in [500, 404, 410, 302, 429] {
        both.receiver.answer(status);
        let sent = both.send(&both.url, fresh(), b"{}").await;
        assert_eq!(sent, Sent::Refused(status));
    }
    for status in [204, 202] {
        both.receiver.answer(status);
        let sent = both.send(&both.url, fresh(), b"{}").await;
        assert_eq!(sent, Sent::Taken(status));
    }
}

pub async fn that_nobody_answers_is_told(both: &WebhookSenders) {
    let sent = both.send(&both.nowhere, fresh(), b"{}").await;
    let Sent::Failed(words) = sent else {
        panic!("{sent:?}");
    };
    assert!(!words.contains(both.nowhere.as_str()), "{words}");
}

pub async fn an_address_that_may_not_be_called_is_refused(both: &WebhookSenders) {
    assert!(!both.forbidden.is_empty());
    for url in &both.forbidden {
        let checked = both.sender.check(url).await;
        assert!(matches!(checked, Callable::No(_)), "{}", url.as_str());
        let sent = both.send(url, fresh(), b"{}").await;
        assert!(matches!(sent, Sent::Failed(_)), "{}", url.as_str());
    }
    assert_eq!(both.receiver.taken(), []);
}
