//! The port `Webhooks`.

use async_trait::async_trait;
use domain::port::Webhooks;
use domain::port::webhooks::WebhookChange;
use domain::{Failure, Webhook, WebhookId};

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
        self.transact(call("change"), async |db| update(db, id, change).await)
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

async fn update(
    db: &mut AsyncPgConnection,
    id: WebhookId,
    change: &WebhookChange,
) -> Result<Option<Webhook>, Broken> {
    // The row is locked, so nothing else changes what is written back here.
    let row: Option<WebhookRow> = webhooks::table
        .find(Key(id))
        .select(WebhookRow::as_select())
        .for_no_key_update()
        .first(db)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let webhook = change.apply(row.read()?);
    diesel::update(webhooks::table.find(Key(id)))
        .set((
            webhooks::url.eq(webhook.url.as_str()),
            webhooks::topics.eq(topics_column(&webhook.topics)),
            webhooks::room_id.eq(webhook.room.map(Key)),
            webhooks::enabled.eq(webhook.enabled),
        ))
        .execute(db)
        .await?;
    Ok(Some(webhook))
}
