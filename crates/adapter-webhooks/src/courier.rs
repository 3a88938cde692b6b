//! The port `Courier`.

use std::sync::OnceLock;

use async_trait::async_trait;
use domain::WebhookUrl;
use domain::port::Courier;
use domain::port::courier::{Callable, Handed, Parcel};
use reqwest::Url;

use crate::OpenError;
use crate::address::{check, innermost, read, words};
use crate::client::{Trust, client};
use crate::reach::Reach;
use crate::secret::Secret;

/// Calls other systems, within its reach. Addresses are checked in `address`, and once more at each
/// connection in `reach`.
pub struct WebhookCourier {
    /// Created on first use: most servers have no webhooks.
    http: OnceLock<Result<reqwest::Client, OpenError>>,
    reach: Reach,
}

impl WebhookCourier {
    /// A courier with this reach.
    pub const fn new(reach: Reach) -> Self {
        Self {
            http: OnceLock::new(),
            reach,
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
        // The response body is not read.
        let answer = answer.map_err(|error| words(&error.without_url()))?;
        Ok(answer.status().as_u16())
    }
}

#[async_trait]
impl Courier for WebhookCourier {
    async fn check(&self, url: &WebhookUrl) -> Callable {
        let checked = match read(url.as_str(), self.reach) {
            Ok(url) => check(&url, self.reach).await,
            Err(reason) => Err(reason),
        };
        checked.map_or_else(Callable::No, |()| Callable::Yes)
    }

    async fn hand(&self, parcel: &Parcel<'_>) -> Handed {
        let url = match read(parcel.url.as_str(), self.reach) {
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
