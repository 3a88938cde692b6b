//! Managing webhooks.

use std::sync::Arc;

use domain::port::jobs::Patience;
use domain::port::webhook_log::LogPage;
use domain::port::webhook_sender::Callable;
use domain::port::webhooks::WebhookChange;
use domain::port::{Clock, Ids, IdsExt as _, Rooms, WebhookLog, WebhookSender, Webhooks};
use domain::{
    DeliveryState, EventId, FieldProblem, Refusal, RoomId, Telling, Topics, Webhook,
    WebhookDelivery, WebhookId, WebhookSecret, WebhookUrl,
};

use super::known::KnownWebhooks;
use super::reading::Reading;
use super::rounds::{WebhookRounds, Wording};
use super::tell::TellWebhooks;
use crate::jobs::Bell;
use crate::operations::Administrator;
use crate::present::Everyone;
use crate::view::one_more;
use crate::{Error, Page, Ports};

/// The maximum number of webhooks.
const MOST: usize = 100;

/// A webhook to be created.
#[derive(Clone, Debug)]
pub struct WebhookPlan {
    /// The URL to call.
    pub url: WebhookUrl,
    /// The topics it subscribes to.
    pub topics: Topics,
    /// The only room to report on; `None` for all rooms.
    pub room: Option<RoomId>,
}

/// Where administrators of the deployment manage webhooks.
pub struct WebhookDesk {
    webhooks: Arc<dyn Webhooks>,
    log: Arc<dyn WebhookLog>,
    sender: Arc<dyn WebhookSender>,
    rooms: Arc<dyn Rooms>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    known: Arc<KnownWebhooks>,
    bell: Bell,
    everyone: Everyone,
}

impl WebhookDesk {
    pub(crate) fn new(ports: &Ports, everyone: &Everyone) -> Self {
        Self {
            webhooks: Arc::clone(&ports.webhooks),
            log: Arc::clone(&ports.webhook_log),
            sender: Arc::clone(&ports.webhook_sender),
            rooms: Arc::clone(&ports.rooms),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            known: Arc::new(KnownWebhooks::new(ports)),
            bell: Bell::default(),
            everyone: everyone.clone(),
        }
    }

    /// The worker that enqueues deliveries. It sees changes made at this desk at once.
    pub fn worker(&self, ports: &Ports) -> TellWebhooks {
        TellWebhooks::new(ports, &self.known, &self.bell)
    }

    /// The component that calls webhooks, with this wording and this patience.
    pub fn rounds(&self, ports: &Ports, wording: Wording, patience: Patience) -> WebhookRounds {
        let reading = Reading::new(ports, self.everyone.clone());
        WebhookRounds::new(ports, (&self.known, &self.bell), reading, wording, patience)
    }

    /// All webhooks, oldest first.
    pub async fn list(&self, _by: &Administrator) -> Result<Vec<Webhook>, Error> {
        Ok(self.webhooks.all().await?)
    }

    /// One webhook.
    pub async fn read(&self, _by: &Administrator, id: WebhookId) -> Result<Webhook, Error> {
        Ok(self.webhooks.find(id).await?.ok_or(Refusal::NotFound)?)
    }

    /// Creates a webhook with a secret of its own.
    pub async fn create(&self, _by: &Administrator, plan: WebhookPlan) -> Result<Webhook, Error> {
        self.check(Some(&plan.url), plan.room).await?;
        if self.webhooks.all().await?.len() >= MOST {
            return Err(Refusal::Conflict("the maximum number of webhooks is reached").into());
        }
        let mut secret = [0; 32];
        self.ids.fill(&mut secret);
        let webhook = Webhook {
            id: self.ids.next(),
            url: plan.url,
            topics: plan.topics,
            room: plan.room,
            secret: WebhookSecret::from_bits(secret),
            enabled: true,
            created_at: self.clock.now(),
            failing_since: None,
        };
        self.webhooks.create(&webhook).await?;
        self.known.forget();
        Ok(webhook)
    }

    /// Changes a webhook.
    pub async fn change(
        &self,
        _by: &Administrator,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, Error> {
        self.check(change.url.as_ref(), change.room.apply(None))
            .await?;
        let changed = self.webhooks.change(id, &change).await?;
        self.known.forget();
        // Deliveries that accumulated while it was disabled are made now.
        self.bell.ring();
        Ok(changed.ok_or(Refusal::NotFound)?)
    }

    /// Deletes a webhook and its log.
    pub async fn remove(&self, _by: &Administrator, id: WebhookId) -> Result<(), Error> {
        let removed = self.webhooks.remove(id).await?;
        self.known.forget();
        if removed {
            Ok(())
        } else {
            Err(Refusal::NotFound.into())
        }
    }

    /// A page of a webhook's log, newest first.
    pub async fn deliveries(
        &self,
        by: &Administrator,
        (id, state): (WebhookId, Option<DeliveryState>),
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Page<WebhookDelivery, EventId>, Error> {
        self.read(by, id).await?;
        let page = LogPage {
            webhook: id,
            state,
            before,
            limit: one_more(limit),
        };
        let found = self.log.page(&page).await?;
        Ok(Page::cut(found, limit, |delivery| delivery.telling.event))
    }

    /// Delivers an event again, starting from the first attempt.
    pub async fn replay(
        &self,
        _by: &Administrator,
        id: WebhookId,
        event: EventId,
    ) -> Result<(), Error> {
        let replayed = self.log.replay(id, &[event], self.clock.now()).await?;
        if replayed == 0 {
            return Err(Refusal::NotFound.into());
        }
        self.bell.ring();
        Ok(())
    }

    /// Enqueues a test delivery, and returns its entry in the log.
    pub async fn ping(&self, by: &Administrator, id: WebhookId) -> Result<WebhookDelivery, Error> {
        if !self.read(by, id).await?.enabled {
            return Err(Refusal::Conflict("the webhook is disabled").into());
        }
        let now = self.clock.now();
        let telling = Telling {
            event: self.ids.next(),
            at: now,
            room: None,
            what: None,
        };
        self.log.enqueue(&telling, &[id], now).await?;
        self.bell.ring();
        Ok(WebhookDelivery {
            webhook: id,
            telling,
            state: DeliveryState::Pending,
            tries: 0,
            due_at: Some(now),
            last: None,
        })
    }

    async fn check(&self, url: Option<&WebhookUrl>, room: Option<RoomId>) -> Result<(), Error> {
        let mut problems = Vec::new();
        if let Some(url) = url
            && let Callable::No(reason) = self.sender.check(url).await
        {
            problems.push(FieldProblem::new("url", "unusable", reason));
        }
        if let Some(room) = room
            && self.rooms.find(&[room]).await?.is_empty()
        {
            let why = "there is no such room";
            problems.push(FieldProblem::new("roomId", "unknown", why));
        }
        Ok(Refusal::if_any(problems)?)
    }
}
