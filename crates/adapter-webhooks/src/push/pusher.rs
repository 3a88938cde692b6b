//! The port `Pusher`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::notifier::Notification;
use domain::port::pusher::{Pushable, Pushed};
use domain::port::{Clock, Pusher};
use domain::{PushSubscription, Timestamp};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, Url};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::key::VapidKey;
use super::payload::{payload, topic, urgency};
use super::rests::Rests;
use super::seal::{key_of, seal};
use crate::OpenError;
use crate::address::{PRIVATE, check, read_encrypted, words};
use crate::client::{Trust, client};
use crate::reach::Reach;

/// How many seconds a push service keeps what it cannot deliver: as long as nothing else would be sent
/// about the same room.
const TTL: u32 = 24 * 60 * 60;
/// How long an origin that could not be reached is left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// The contact that a push service may turn to: a `mailto:` address or the URL of a page.
#[derive(Clone, Debug)]
pub struct Contact(String);

impl Contact {
    /// Parses a contact.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let is_one = text.starts_with("mailto:") || text.starts_with("https://");
        if is_one && Url::parse(text).is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(OpenError::Contact)
        }
    }
}

/// Sends notifications to browsers by way of their push services.
pub struct WebPush {
    /// Created on first use: on most servers nobody subscribes.
    http: OnceLock<Result<reqwest::Client, OpenError>>,
    reach: Reach,
    key: VapidKey,
    contact: Option<Contact>,
    clock: Arc<dyn Clock>,
    rests: Rests,
}

impl WebPush {
    /// A client with this reach, which identifies itself with this key.
    pub fn new(
        reach: Reach,
        key: VapidKey,
        contact: Option<Contact>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            http: OnceLock::new(),
            reach,
            key,
            contact,
            clock,
            rests: Rests::default(),
        }
    }

    /// Sends one request; a failure before it could be sent is an outcome too.
    async fn ask(&self, url: Url, to: &PushSubscription, what: &Notification) -> Pushed {
        let (now, origin) = (self.clock.now(), url.origin().ascii_serialization());
        let endpoint = to.endpoint.as_str();
        if self.rests.any([endpoint, &origin], now) {
            return Pushed::Later("it asked for a pause, or could not be reached".to_owned());
        }
        let request = match self.request(url, &origin, to, what) {
            Ok(request) => request,
            Err(outcome) => return outcome,
        };
        match request.send().await {
            Ok(answer) => self.read(&answer, endpoint, now),
            Err(error) => {
                let words = words(&error.without_url());
                if words == PRIVATE {
                    return Pushed::Refused(words);
                }
                self.rests.begin(&origin, now, PAUSE);
                Pushed::Later(words)
            }
        }
    }

    fn request(
        &self,
        url: Url,
        origin: &str,
        to: &PushSubscription,
        what: &Notification,
    ) -> Result<reqwest::RequestBuilder, Pushed> {
        let refused = |why: &dyn ToString| Pushed::Refused(why.to_string());
        let http = self
            .http
            .get_or_init(|| client(Trust::WhatThereIs, self.reach));
        let http = http.as_ref().map_err(|error| refused(&error))?;
        let text = payload(what).ok_or_else(|| refused(&"it is too long"))?;
        let sealed = seal(&text, &to.keys).map_err(|error| refused(&error))?;
        let contact = self.contact.as_ref().map(|contact| contact.0.as_str());
        let authorization = self
            .key
            .authorization(origin, contact, self.clock.now())
            .map_err(|error| refused(&error))?;
        let mut request = http
            .post(url)
            .header("authorization", authorization)
            .header("content-type", "application/octet-stream")
            .header("content-encoding", "aes128gcm")
            .header("ttl", TTL)
            .header("urgency", urgency(what.reason))
            .body(sealed);
        if let Some(topic) = topic(what, &to.keys) {
            request = request.header("topic", topic);
        }
        Ok(request)
    }

    /// What a response means. Its body is not read.
    fn read(&self, answer: &Response, endpoint: &str, now: Timestamp) -> Pushed {
        let status = answer.status().as_u16();
        let words = || format!("the push service answered {status}");
        match status {
            200..=299 => Pushed::Taken,
            404 | 410 => Pushed::Gone,
            408 | 429 | 500..=599 => {
                if let Some(rest) = rest(answer, now) {
                    self.rests.begin(endpoint, now, rest);
                }
                Pushed::Later(words())
            }
            _ => Pushed::Refused(words()),
        }
    }
}

#[async_trait]
impl Pusher for WebPush {
    fn key(&self) -> [u8; 65] {
        *self.key.public()
    }

    async fn check(&self, subscription: &PushSubscription) -> Pushable {
        if key_of(&subscription.keys).is_err() {
            return Pushable::Key("it is no point on the curve P-256");
        }
        let checked = match read_encrypted(subscription.endpoint.as_str(), self.reach) {
            Ok(url) => check(&url, self.reach).await,
            Err(reason) => Err(reason),
        };
        checked.map_or_else(Pushable::Endpoint, |()| Pushable::Yes)
    }

    async fn push(&self, to: &PushSubscription, notification: &Notification) -> Pushed {
        match read_encrypted(to.endpoint.as_str(), self.reach) {
            Ok(url) => self.ask(url, to, notification).await,
            Err(reason) => Pushed::Refused(reason.to_owned()),
        }
    }
}

/// The pause that the response asks for, in seconds or as a date.
fn rest(answer: &Response, now: Timestamp) -> Option<Duration> {
    let text = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    let left = date.unix_timestamp() - now.as_millis() / 1_000;
    u64::try_from(left).ok().map(Duration::from_secs)
}
