//! The port `WebhookSender`.

use std::sync::OnceLock;

use async_trait::async_trait;
use domain::WebhookUrl;
use domain::port::WebhookSender;
use domain::port::webhook_sender::{Callable, Sent, WebhookCall};
use reqwest::Url;

use crate::OpenError;
use crate::address::{check, innermost, read, words};
use crate::client::{Trust, client};
use crate::reach::Reach;
use crate::secret::Secret;

/// Calls other systems, within its reach. Addresses are checked in `address`, and once more at each
/// connection in `reach`.
pub struct HttpWebhookSender {
    /// Created on first use: most servers have no webhooks.
    http: OnceLock<Result<reqwest::Client, OpenError>>,
    reach: Reach,
}

impl HttpWebhookSender {
    /// A sender with this reach.
    pub const fn new(reach: Reach) -> Self {
        Self {
            http: OnceLock::new(),
            reach,
        }
    }

    async fn post(&self, url: Url, call: &WebhookCall<'_>) -> Result<u16, String> {
        let http = self
            .http
            .get_or_init(|| client(Trust::WhatThereIs, self.reach));
        let http = http.as_ref().map_err(|error| innermost(error))?;
        let id = call.id.to_string();
        let timestamp = call.at.as_millis() / 1_000;
        let secret = Secret::of_bytes(call.secret.as_bytes());
        let signature = secret.sign(&id, timestamp, call.body);
        let signature = signature.map_err(|error| innermost(&error))?;
        let answer = http
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(call.body.to_vec())
            .send()
            .await;
        // The response body is not read.
        let answer = answer.map_err(|error| words(&error.without_url()))?;
        Ok(answer.status().as_u16())
    }
}

#[async_trait]
impl WebhookSender for HttpWebhookSender {
    async fn check(&self, url: &WebhookUrl) -> Callable {
        let checked = match read(url.as_str(), self.reach) {
            Ok(url) => check(&url, self.reach).await,
            Err(reason) => Err(reason),
        };
        checked.map_or_else(Callable::No, |()| Callable::Yes)
    }

    async fn send(&self, call: &WebhookCall<'_>) -> Sent {
        let url = match read(call.url.as_str(), self.reach) {
            Ok(url) => url,
            Err(reason) => return Sent::Failed(reason.to_owned()),
        };
        match self.post(url, call).await {
            Ok(status @ 200..=299) => Sent::Taken(status),
            Ok(status) => Sent::Refused(status),
            Err(words) => Sent::Failed(words),
        }
    }
}
