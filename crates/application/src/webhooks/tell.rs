//! Enqueueing webhook deliveries for an event.

use std::sync::Arc;

use async_trait::async_trait;
use domain::port::jobs::Verdict;
use domain::port::{Clock, WebhookLog};
use domain::{Event, Failure, Retry, Telling, WebhookId};

use super::known::KnownWebhooks;
use crate::Ports;
use crate::jobs::{Bell, Worker};

/// Works on the queue of events.
pub struct TellWebhooks {
    known: Arc<KnownWebhooks>,
    log: Arc<dyn WebhookLog>,
    clock: Arc<dyn Clock>,
    bell: Bell,
}

impl TellWebhooks {
    pub(super) fn new(ports: &Ports, known: &Arc<KnownWebhooks>, bell: &Bell) -> Self {
        Self {
            known: Arc::clone(known),
            log: Arc::clone(&ports.webhook_log),
            clock: Arc::clone(&ports.clock),
            bell: bell.clone(),
        }
    }

    async fn note(&self, event: &Event) -> Result<(), Failure> {
        let all = self.known.all().await?;
        let topic = event.what.topic();
        let wanting = all.iter().filter(|hook| hook.wants(event.room, topic));
        let wanting: Vec<WebhookId> = wanting.map(|hook| hook.id).collect();
        if wanting.is_empty() {
            return Ok(());
        }
        let telling = Telling {
            event: event.id,
            at: event.at,
            room: event.room,
            what: Some(event.what),
        };
        self.log
            .enqueue(&telling, &wanting, self.clock.now())
            .await?;
        self.bell.ring();
        Ok(())
    }
}

#[async_trait]
impl Worker for TellWebhooks {
    async fn work(&self, event: &Event) -> Verdict {
        let Err(failure) = self.note(event).await else {
            return Verdict::Done;
        };
        let error = failure.chain();
        tracing::warn!(event = %event.id, %error, "could not enqueue webhook deliveries");
        match failure.retry {
            Retry::Worthwhile | Retry::Shortly => Verdict::Retry,
            Retry::Useless => Verdict::Dead,
        }
    }
}
