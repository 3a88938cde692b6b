//! A webhook with its log, as the obligations use it.

use domain::port::webhook_log::{LogPage, Tried, WebhookClaim};
use domain::{
    Attempt, DeliveryState, EventId, NodeId, Telling, Timestamp, Webhook, WebhookDelivery,
    WebhookId,
};

use crate::made::webhook;
use crate::{Store, at};

/// A webhook of one test's own.
#[derive(Clone)]
pub(super) struct Hook {
    store: Store,
    hook: Webhook,
}

impl Hook {
    pub(super) async fn new(store: &Store) -> Self {
        let hook = webhook();
        store.webhooks.create(&hook).await.unwrap();
        Self {
            store: store.clone(),
            hook,
        }
    }

    pub(super) fn id(&self) -> WebhookId {
        self.hook.id
    }

    pub(super) async fn enqueue(&self, all: &[Telling], now: i64) {
        for told in all {
            let log = &self.store.webhook_log;
            log.enqueue(told, &[self.id()], at(now)).await.unwrap();
        }
    }

    pub(super) fn pending(&self, told: Telling, now: i64) -> WebhookDelivery {
        WebhookDelivery {
            webhook: self.id(),
            telling: told,
            state: DeliveryState::Pending,
            tries: 0,
            due_at: Some(at(now)),
            last: None,
        }
    }

    pub(super) async fn is_due(&self, now: i64) -> bool {
        let due = self.store.webhook_log.due(at(now)).await.unwrap();
        due.contains(&self.id())
    }

    pub(super) fn claim(&self, holder: NodeId, now: i64, until: i64) -> WebhookClaim {
        WebhookClaim {
            webhook: self.id(),
            holder,
            now: at(now),
            until: at(until),
            limit: 100,
        }
    }

    pub(super) async fn events(&self, holder: NodeId, now: i64, until: i64) -> Vec<EventId> {
        let claim = self.claim(holder, now, until);
        let claimed = self.store.webhook_log.claim(&claim).await.unwrap();
        claimed.iter().map(|one| one.telling.event).collect()
    }

    pub(super) fn tried(&self, event: EventId, state: DeliveryState) -> Tried {
        Tried {
            webhook: self.id(),
            event,
            state,
            due_at: at(0),
            attempt: None,
        }
    }

    /// Records a call that was answered.
    pub(super) async fn settle(&self, event: EventId, state: DeliveryState, now: i64) {
        let attempt = Attempt {
            at: at(now),
            status: Some(204),
            error: None,
        };
        let tried = Tried {
            attempt: Some(attempt),
            ..self.tried(event, state)
        };
        self.store.webhook_log.settle(&tried).await.unwrap();
    }

    pub(super) async fn postpone(&self, event: EventId, due: i64) {
        let tried = Tried {
            due_at: at(due),
            ..self.tried(event, DeliveryState::Pending)
        };
        self.store.webhook_log.settle(&tried).await.unwrap();
    }

    pub(super) async fn log(&self) -> Vec<WebhookDelivery> {
        let page = LogPage {
            webhook: self.id(),
            state: None,
            before: None,
            limit: 100,
        };
        self.store.webhook_log.page(&page).await.unwrap()
    }

    pub(super) async fn failing_since(&self) -> Option<Timestamp> {
        let found = self.store.webhooks.find(self.id()).await.unwrap();
        found.unwrap().failing_since
    }
}
