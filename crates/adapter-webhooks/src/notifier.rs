//! The port `Notifier`.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::notifier::Notification;
use domain::port::{Clock, Notifier};
use domain::{BoxError, Failure};
use reqwest::{StatusCode, Url};

use crate::OpenError;
use crate::body::Body;
use crate::client::{Trust, client};
use crate::reach::Reach;
use crate::secret::Secret;

/// Delivers notifications to a system of the operator's, which reaches users by whatever means it has.
pub struct WebhookNotifier {
    http: reqwest::Client,
    url: Url,
    secret: Secret,
    clock: Arc<dyn Clock>,
}

/// Why a notification was not delivered. The address may contain a password, so none of these shows it.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the notification endpoint answered {0}")]
    Status(StatusCode),
    #[error("the notification endpoint could not be reached")]
    Away(#[source] reqwest::Error),
    #[error("the notification could not be serialised or signed")]
    Body(#[source] BoxError),
}

impl WebhookNotifier {
    /// Delivers to this address, signed with this secret. The address is the operator's own choice, so
    /// it may be a private one.
    pub fn new(url: &str, secret: &str, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let url = Url::parse(url).map_err(|_invalid| OpenError::Address)?;
        let trust = match url.scheme() {
            "https" => Trust::Somebody,
            "http" => Trust::Nobody,
            _ => return Err(OpenError::Address),
        };
        Ok(Self {
            http: client(trust, Reach::Everywhere)?,
            url,
            secret: Secret::parse(secret)?,
            clock,
        })
    }

    async fn post(&self, notification: &Notification) -> Result<(), Refusal> {
        let id = format!("{}.{}", notification.event, notification.user);
        let body = serde_json::to_vec(&Body::of(&id, notification))
            .map_err(|source| Refusal::Body(source.into()))?;
        let timestamp = self.clock.now().as_millis() / 1_000;
        let signature = self.secret.sign(&id, timestamp, &body);
        let signature = signature.map_err(|source| Refusal::Body(source.into()))?;
        let answer = self
            .http
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body)
            .send()
            .await
            .map_err(|source| Refusal::Away(source.without_url()))?;
        // The response body is not read.
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(Refusal::Status(answer.status()))
        }
    }
}

#[async_trait]
impl Notifier for WebhookNotifier {
    async fn tell(&self, notification: &Notification) -> Result<(), Failure> {
        let told = self.post(notification).await;
        told.map_err(|refusal| match refusal {
            Refusal::Body(_) => Failure::lasting("notifier", "tell", refusal),
            Refusal::Status(_) | Refusal::Away(_) => Failure::passing("notifier", "tell", refusal),
        })
    }
}
