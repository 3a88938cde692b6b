//! A store that waits and fails on command.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};
use tokio::sync::Semaphore;

/// Lets commits through on command, fails for certain texts, and counts.
pub(super) struct Stage {
    inner: Arc<dyn Messages>,
    gate: Semaphore,
    begun: AtomicUsize,
    commits: Mutex<Vec<usize>>,
}

impl Stage {
    /// A stage before a store, with its gate closed.
    pub(super) fn before(inner: &Arc<dyn Messages>) -> Self {
        Self {
            inner: Arc::clone(inner),
            gate: Semaphore::new(0),
            begun: AtomicUsize::new(0),
            commits: Mutex::default(),
        }
    }

    /// How many commits have begun.
    pub(super) fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    /// Waits until this many commits have begun.
    pub(super) async fn has_begun(&self, commits: usize) {
        while self.begun() < commits {
            tokio::task::yield_now().await;
        }
    }

    /// Lets every commit through from now on.
    pub(super) fn open_gate(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// How many messages there were in each commit that was let through.
    pub(super) fn commits(&self) -> Vec<usize> {
        self.commits.lock().unwrap().clone()
    }
}

#[async_trait]
impl Messages for Stage {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        self.commits.lock().unwrap().push(batch.len());
        let says = |text: &str| batch.iter().any(|message| message.body.as_str() == text);
        if says("away") {
            return Err(Failure::passing("messages", "append", "connection refused"));
        }
        if says("poison") {
            return Err(Failure::lasting("messages", "append", "constraint broken"));
        }
        assert!(!says("bomb"), "the store meets a bomb");
        let mut answers = self.inner.append(batch).await?;
        if says("unanswered") {
            answers.pop();
        }
        Ok(answers)
    }

    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure> {
        self.inner.amend(amendment).await
    }

    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure> {
        self.inner.find(ids, reader).await
    }

    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure> {
        self.inner.sent(sender, client_id).await
    }

    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.page(view, window, limit).await
    }

    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.replies(view, root, after, limit).await
    }

    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.pins(view, before, limit).await
    }

    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        self.inner.mentioning(view, up_to, limit).await
    }

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        self.inner.latest(views).await
    }
}
