//! A consumer of a queue.

use std::pin::pin;
use std::sync::Arc;

use domain::Failure;
use domain::port::jobs::{Delivery, Queue};
use futures::stream::{self, Stream};
use tokio::time::timeout_at;

use super::shared::Shared;

/// Consumes a queue until it is dropped.
pub(super) struct Consumer {
    shared: Arc<Shared>,
    queue: Queue,
    name: u64,
}

impl Consumer {
    pub(super) fn new(shared: Arc<Shared>, queue: Queue) -> Self {
        let name = shared.enlist();
        Self {
            shared,
            queue,
            name,
        }
    }

    pub(super) fn deliveries(self) -> impl Stream<Item = Result<Delivery, Failure>> + Send {
        stream::unfold(self, async |consumer| {
            let delivery = consumer.next().await;
            Some((Ok(delivery), consumer))
        })
    }

    async fn next(&self) -> Delivery {
        loop {
            // Registers for notifications before looking, so that no event in between is missed.
            let mut news = pin!(self.shared.news.notified());
            news.as_mut().enable();
            match self.shared.take(self.queue, self.name) {
                Ok(delivery) => return delivery,
                Err(None) => news.await,
                Err(Some(due)) => timeout_at(due, news).await.unwrap_or_default(),
            }
        }
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.shared.give_back(self.queue, self.name);
    }
}
