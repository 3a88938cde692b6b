//! The port `Webhooks`.

use async_trait::async_trait;
use domain::port::Webhooks;
use domain::port::webhooks::WebhookChange;
use domain::{Failure, RoomId, Webhook, WebhookId};

use crate::PostgresStore;
use crate::columns::Key;
use crate::failure::{Broken, Call};
use crate::prelude::*;
use crate::rows::{WebhookRow, topics_column};
use crate::schema::webhooks;

const fn call(action: &'static str) -> Call {
    Call {
        port: "webhooks",
        action,
    }
}

#[async_trait]
impl Webhooks for PostgresStore {
    async fn create(&self, webhook: &Webhook) -> Result<(), Failure> {
        self.change(call("create"), async |db| {
            diesel::insert_into(webhooks::table)
                .values(WebhookRow::of(webhook))
                .execute(db)
                .await?;
            Ok(())
        })
        .await
    }

    async fn all(&self) -> Result<Vec<Webhook>, Failure> {
        self.read(call("list"), async |db| {
            let rows: Vec<WebhookRow> = webhooks::table
                .order((webhooks::created_at, webhooks::id))
                .select(WebhookRow::as_select())
                .load(db)
                .await?;
            rows.into_iter().map(WebhookRow::read).collect()
        })
        .await
    }

    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, Failure> {
        self.read(call("find"), async |db| find(db, id).await).await
    }

    async fn change(
        &self,
        id: WebhookId,
        change: &WebhookChange,
    ) -> Result<Option<Webhook>, Failure> {
        self.transact(call("change"), async |db| {
            let change = Changed::of(change);
            if !change.is_empty() {
                diesel::update(webhooks::table.find(Key(id)))
                    .set(change)
                    .execute(db)
                    .await?;
            }
            find(db, id).await
        })
        .await
    }

    async fn remove(&self, id: WebhookId) -> Result<bool, Failure> {
        self.change(call("remove"), async |db| {
            let removed = diesel::delete(webhooks::table.find(Key(id)))
                .execute(db)
                .await?;
            Ok(removed > 0)
        })
        .await
    }
}

async fn find(db: &mut AsyncPgConnection, id: WebhookId) -> Result<Option<Webhook>, Broken> {
    let row: Option<WebhookRow> = webhooks::table
        .find(Key(id))
        .select(WebhookRow::as_select())
        .first(db)
        .await
        .optional()?;
    row.map(WebhookRow::read).transpose()
}

/// The columns that change.
#[derive(AsChangeset)]
#[diesel(table_name = webhooks)]
#[expect(
    clippy::option_option,
    reason = "this is how Diesel tells what stays from what becomes nothing"
)]
struct Changed {
    url: Option<String>,
    topics: Option<String>,
    room_id: Option<Option<Key<RoomId>>>,
    enabled: Option<bool>,
}

impl Changed {
    fn of(change: &WebhookChange) -> Self {
        Self {
            url: change.url.as_ref().map(|url| url.as_str().to_owned()),
            topics: change.topics.as_ref().map(topics_column),
            room_id: change.room.map(|room| room.map(Key)),
            enabled: change.enabled,
        }
    }

    /// Whether nothing changes, which Diesel refuses to run.
    const fn is_empty(&self) -> bool {
        self.url.is_none()
            && self.topics.is_none()
            && self.room_id.is_none()
            && self.enabled.is_none()
    }
}
