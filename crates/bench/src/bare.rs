//! Bare rows, each committed by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Statement};

use crate::Sample;
use crate::town::{Town, Writer, new_message};

/// Inserts the row of a message, and nothing else that a message needs.
const INSERT: &str = "INSERT INTO messages (room_id, seq, rev, id, sender_id, body, reply_count, \
     mentions, created_at, words) VALUES ($1::text::uuid, $2, $2, $3::text::uuid, \
     $4::text::uuid, $5, 0, '{}', now(), string_to_array(lower($5), ' '))";

/// Connections that insert bare rows of messages.
pub struct Bare {
    hands: Vec<Arc<Hand>>,
}

/// A connection with its own room, so that no two connections ever contend for a row.
struct Hand {
    client: Client,
    insert: Statement,
    writer: Writer,
    seq: AtomicI64,
}

impl Bare {
    /// Opens this many connections.
    pub async fn prepare(town: &Town, connections: usize) -> anyhow::Result<Self> {
        let mut hands = Vec::with_capacity(connections);
        for (number, (sender, _)) in town.writers().iter().take(connections).enumerate() {
            let (client, connection) = tokio_postgres::connect(&town.url(), NoTls).await?;
            #[expect(clippy::disallowed_methods, reason = "it ends with its connection")]
            tokio::spawn(connection);
            let room = town
                .make_room(&format!("bare {number}"), &[*sender])
                .await?;
            hands.push(Arc::new(Hand {
                insert: client.prepare(INSERT).await?,
                client,
                writer: (*sender, room),
                seq: AtomicI64::new(1),
            }));
        }
        Ok(Self { hands })
    }

    /// Inserts row after row on each of the connections for a while.
    pub async fn write(&self, span: Duration) -> anyhow::Result<Sample> {
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for hand in &self.hands {
            let hand = Arc::clone(hand);
            tasks.spawn(async move { hand.write_until(started + span).await });
        }
        let mut calls = Vec::new();
        while let Some(done) = tasks.join_next().await {
            calls.extend(done??);
        }
        Ok(Sample::of(calls, started.elapsed()))
    }
}

impl Hand {
    async fn write_until(&self, end: Instant) -> anyhow::Result<Vec<Duration>> {
        let (sender, room) = self.writer;
        let mut calls = Vec::new();
        loop {
            let before = Instant::now();
            if before >= end {
                return Ok(calls);
            }
            let new = new_message(sender, room)?;
            let seq = self.seq.fetch_add(1, Ordering::Relaxed);
            let (id, body) = (new.id.to_string(), new.body.as_str());
            let (room, sender) = (room.to_string(), sender.to_string());
            self.client
                .execute(&self.insert, &[&room, &seq, &id, &sender, &body])
                .await?;
            calls.push(before.elapsed());
        }
    }
}
