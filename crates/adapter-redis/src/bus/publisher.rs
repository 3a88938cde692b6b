//! The task that publishes to other nodes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis::{Pipeline, RedisResult};
use domain::NodeId;
use futures::future::try_join_all;
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::letter;
use super::outbox::{Lost, Post};
use crate::calls::Calls;
use crate::failure::Call;
use crate::keys::Keys;
use crate::link::Link;

/// How many letters go into one write.
const MOST: usize = 256;

/// How soon to retry announcing a loss, if there is nothing else to publish.
const AGAIN: Duration = Duration::from_secs(1);

/// How long nothing is published after a failure, so that a busy node does not connect anew for every
/// few notices.
const REST: Duration = Duration::from_millis(200);

pub(super) struct Publisher {
    pub(super) queue: mpsc::Receiver<Post>,
    pub(super) lost: Arc<Lost>,
    pub(super) calls: Arc<Calls>,
    pub(super) everyone: String,
    pub(super) own: NodeId,
}

impl Publisher {
    pub(super) fn new(
        (queue, lost): (mpsc::Receiver<Post>, Arc<Lost>),
        calls: Arc<Calls>,
        keys: &Keys,
        own: NodeId,
    ) -> Self {
        Self {
            queue,
            lost,
            calls,
            everyone: keys.everyone(),
            own,
        }
    }

    /// Publishes queued letters until the queue is closed and empty.
    pub(super) async fn run(mut self) {
        let mut posts = Vec::with_capacity(MOST);
        let mut works = true;
        loop {
            tokio::select! {
                count = self.queue.recv_many(&mut posts, MOST) => if count == 0 { return },
                () = sleep(AGAIN), if self.lost.any() => {}
            }
            works = self.tell(&posts, works).await;
            posts.clear();
            if !works {
                sleep(REST).await;
            }
        }
    }

    /// Publishes all letters in one call. Failed ones are counted, and made up for by a gap later.
    async fn tell(&self, posts: &[Post], worked: bool) -> bool {
        let lost = self.lost.take();
        let gap = (lost > 0).then(|| (self.everyone.as_str(), letter::gap(self.own)));
        let letters = posts
            .iter()
            .map(|post| (post.channel.as_str(), post.letter.as_slice()));
        let gap = gap
            .as_ref()
            .map(|(channel, letter)| (*channel, letter.as_slice()));
        let letters: &Vec<(&str, &[u8])> = &gap.into_iter().chain(letters).collect();
        let call = Call::new("bus", "publish");
        match self.calls.run_once(call, |link| send(link, letters)).await {
            Ok(()) => {
                if lost > 0 {
                    tracing::warn!(
                        notices = lost,
                        "notices were lost; told other nodes of a gap"
                    );
                }
                true
            }
            Err(failure) => {
                let more = u64::try_from(posts.len()).unwrap_or(u64::MAX);
                self.lost.put_back(lost);
                self.lost.add(more);
                if worked {
                    let error: &dyn std::error::Error = &failure;
                    tracing::warn!(
                        error,
                        "cannot publish notices to other nodes; dropping them"
                    );
                }
                false
            }
        }
    }
}

/// Sends letters, keeping the order within each channel.
async fn send(mut link: Link, letters: &[(&str, &[u8])]) -> RedisResult<()> {
    if link.mixes_slots() {
        return pipeline(letters.iter()).exec_async(&mut link).await;
    }
    let mut channels: BTreeMap<&str, Vec<&(&str, &[u8])>> = BTreeMap::new();
    for letter in letters {
        channels.entry(letter.0).or_default().push(letter);
    }
    let each = channels.into_values().map(|letters| {
        let mut link = link.clone();
        async move { pipeline(letters.into_iter()).exec_async(&mut link).await }
    });
    try_join_all(each).await.map(drop)
}

fn pipeline<'a>(letters: impl Iterator<Item = &'a (&'a str, &'a [u8])>) -> Pipeline {
    let mut pipeline = Pipeline::new();
    for (channel, letter) in letters {
        pipeline.cmd("SPUBLISH").arg(*channel).arg(*letter).ignore();
    }
    pipeline
}
