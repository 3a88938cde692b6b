//! The port `Courier`.

use std::error::Error;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use domain::WebhookUrl;
use domain::port::Courier;
use domain::port::courier::{Callable, Handed, Parcel};
use reqwest::Url;
use tokio::net::lookup_host;
use tokio::time::timeout;

use crate::OpenError;
use crate::client::{Trust, client};
use crate::reach::{Private, Reach};
use crate::secret::Secret;

/// How long a name may take to be found when an address is checked.
const PATIENCE: Duration = Duration::from_secs(5);
const PRIVATE: &str = "it is a private address, or its name leads to one";

/// Calls other systems, as far as its reach goes. What addresses are checked by, at first and at each
/// connection, is in `reach`.
pub struct WebhookCourier {
    /// Made when it is first needed: most servers have no webhooks.
    http: OnceLock<Result<reqwest::Client, OpenError>>,
    reach: Reach,
}

impl WebhookCourier {
    /// One that goes so far.
    pub const fn new(reach: Reach) -> Self {
        Self {
            http: OnceLock::new(),
            reach,
        }
    }

    /// An address as far as it can be told without asking anybody.
    fn read(&self, url: &WebhookUrl) -> Result<Url, &'static str> {
        let Ok(url) = Url::parse(url.as_str()) else {
            return Err("it is no address of the form https://host/path");
        };
        if !matches!(url.scheme(), "https" | "http") {
            return Err("it must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not hold a name or password: check the signature instead");
        }
        match literal(&url) {
            Some(address) if !self.reach.includes(address) => Err(PRIVATE),
            _ => Ok(url),
        }
    }

    async fn call(&self, url: Url, parcel: &Parcel<'_>) -> Result<u16, String> {
        let http = self
            .http
            .get_or_init(|| client(Trust::WhatThereIs, self.reach));
        let http = http.as_ref().map_err(|error| innermost(error))?;
        let id = parcel.id.to_string();
        let timestamp = parcel.at.as_millis() / 1_000;
        let secret = Secret::of_bytes(parcel.secret.as_bytes());
        let signature = secret.sign(&id, timestamp, parcel.body);
        let signature = signature.map_err(|error| innermost(&error))?;
        let answer = http
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(parcel.body.to_vec())
            .send()
            .await;
        // What else it says is not read.
        let answer = answer.map_err(|error| words(&error.without_url()))?;
        Ok(answer.status().as_u16())
    }
}

#[async_trait]
impl Courier for WebhookCourier {
    async fn check(&self, url: &WebhookUrl) -> Callable {
        let url = match self.read(url) {
            Ok(url) => url,
            Err(reason) => return Callable::No(reason),
        };
        let (Some(name), None) = (url.host_str(), literal(&url)) else {
            return Callable::Yes;
        };
        // A name that nobody knows yet may be known later, and is looked up at each call.
        let found = timeout(PATIENCE, lookup_host((name, 0))).await;
        let Ok(Ok(mut addresses)) = found else {
            return Callable::Yes;
        };
        if addresses.all(|address| self.reach.includes(address.ip())) {
            Callable::Yes
        } else {
            Callable::No(PRIVATE)
        }
    }

    async fn hand(&self, parcel: &Parcel<'_>) -> Handed {
        let url = match self.read(parcel.url) {
            Ok(url) => url,
            Err(reason) => return Handed::Failed(reason.to_owned()),
        };
        match self.call(url, parcel).await {
            Ok(status @ 200..=299) => Handed::Taken(status),
            Ok(status) => Handed::Refused(status),
            Err(words) => Handed::Failed(words),
        }
    }
}

/// The address in an address that needs no look-up. In whatever way it was written, it was brought into
/// the usual one when it was read.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// Why a call came to nothing, for the operator.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "nobody answered in time".to_owned();
    }
    let cause = innermost(error);
    if cause == Private.to_string() {
        PRIVATE.to_owned()
    } else {
        format!("nobody could be reached: {cause}")
    }
}

/// What the first cause says of itself.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
