//! Managing webhooks from the machine that the server runs on.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use domain::port::webhook_log::LogPage;
use domain::{DeliveryState, EventId, WebhookDelivery, WebhookId};
use uuid::Uuid;

use super::moment::moment;
use crate::server::runtime;
use crate::settings::Settings;
use crate::wiring::WebhookLogs;

/// How many deliveries are read at once.
const PAGE: usize = 500;

/// What can be done with webhooks.
#[derive(Clone, Debug, Subcommand)]
pub enum WebhooksCommand {
    /// List them, the oldest first: id, state, topics and URL.
    List,
    /// Show the deliveries of a webhook, the newest first: id, state, event, time and error.
    Log {
        /// Its id, as `webhooks list` shows it.
        webhook: Uuid,
        /// Only deliveries in this state.
        #[arg(long)]
        state: Option<State>,
        /// How many deliveries to show.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Repeat deliveries of a webhook.
    Replay(Replay),
}

/// Selects deliveries to repeat.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// The webhook's id, as `webhooks list` shows it.
    webhook: Uuid,
    /// The ids of the deliveries, as `webhooks log` shows them.
    #[arg(required_unless_present = "dead", conflicts_with = "dead")]
    ids: Vec<Uuid>,
    /// All deliveries that were given up.
    #[arg(long)]
    dead: bool,
}

/// A state's name on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// Not delivered yet.
    Pending,
    /// The receiver has accepted it.
    Delivered,
    /// Given up after too many attempts.
    Dead,
    /// There was nothing left to deliver.
    Dropped,
}

impl State {
    const fn meant(self) -> DeliveryState {
        match self {
            Self::Pending => DeliveryState::Pending,
            Self::Delivered => DeliveryState::Delivered,
            Self::Dead => DeliveryState::Dead,
            Self::Dropped => DeliveryState::Dropped,
        }
    }
}

pub(super) fn run(settings: &Settings, command: &WebhooksCommand) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let logs = WebhookLogs::open(settings).await?;
        let done = carry_out(&logs, command).await;
        logs.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn carry_out(logs: &WebhookLogs, command: &WebhooksCommand) -> anyhow::Result<()> {
    match command {
        WebhooksCommand::List => list(logs).await,
        WebhooksCommand::Log {
            webhook,
            state,
            limit,
        } => {
            let webhook = known(logs, *webhook).await?;
            let mut none = true;
            for delivery in read(logs, (webhook, state.map(State::meant)), *limit).await? {
                none = false;
                say(&line(&delivery))?;
            }
            if none {
                say("there is nothing of this in its log")?;
            }
            Ok(())
        }
        WebhooksCommand::Replay(which) => {
            let webhook = known(logs, which.webhook).await?;
            let ids: Vec<EventId> = if which.dead {
                let dead = (webhook, Some(DeliveryState::Dead));
                let dead = read(logs, dead, usize::MAX).await?.into_iter();
                dead.map(|delivery| delivery.telling.event).collect()
            } else {
                which.ids.iter().copied().map(EventId::from_uuid).collect()
            };
            let now = logs.clock.now();
            let count = logs.log.replay(webhook, &ids, now).await?;
            if count == 0 && !which.dead {
                bail!("its log has nothing of that id");
            }
            say(&format!("{count} will be told once more"))
        }
    }
}

async fn list(logs: &WebhookLogs) -> anyhow::Result<()> {
    let webhooks = logs.webhooks.all().await?;
    if webhooks.is_empty() {
        say("there are no webhooks")?;
    }
    for webhook in webhooks {
        let works = match webhook.failing_since {
            _ if !webhook.enabled => "disabled".to_owned(),
            Some(since) => format!("failing since {}", moment(since)),
            None => "works".to_owned(),
        };
        let topics = webhook.topics.as_words().join(",");
        let (id, url) = (webhook.id, webhook.url.as_str());
        say(&format!("{id}  {works}  {topics}  {url}"))?;
    }
    Ok(())
}

fn line(delivery: &WebhookDelivery) -> String {
    let telling = &delivery.telling;
    let (event, topic) = (telling.event, telling.topic());
    let (state, at) = (delivery.state.word(), moment(telling.at));
    let why = delivery.last.as_ref().and_then(|last| last.error.as_ref());
    let why = why.map(|why| format!("  {why}")).unwrap_or_default();
    format!("{event}  {state}  {topic}  {at}{why}")
}

/// The id of a webhook, if it exists.
async fn known(logs: &WebhookLogs, id: Uuid) -> anyhow::Result<WebhookId> {
    let id = WebhookId::from_uuid(id);
    match logs.webhooks.find(id).await? {
        Some(webhook) => Ok(webhook.id),
        None => bail!("there is no webhook of that id"),
    }
}

/// Deliveries of a webhook, the newest first.
async fn read(
    logs: &WebhookLogs,
    (webhook, state): (WebhookId, Option<DeliveryState>),
    most: usize,
) -> anyhow::Result<Vec<WebhookDelivery>> {
    let mut found: Vec<WebhookDelivery> = Vec::new();
    while found.len() < most {
        let page = LogPage {
            webhook,
            state,
            before: found.last().map(|delivery| delivery.telling.event),
            limit: PAGE.min(most.saturating_sub(found.len())),
        };
        let some = logs.log.page(&page).await?;
        if some.is_empty() {
            break;
        }
        found.extend(some);
    }
    Ok(found)
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{line}").context("standard output is closed")
}
