//! The port.

use async_trait::async_trait;
use domain::port::Messages;
use domain::port::messages::{Amended, Amendment, Appended, NewMessage, Sent, View, Window};
use domain::{ClientId, Failure, Message, MessageId, Seq, UserId};

use crate::MemoryStore;

#[async_trait]
impl Messages for MemoryStore {
    async fn append(&self, batch: &[NewMessage]) -> Result<Vec<Appended>, Failure> {
        self.state().append(batch)
    }

    async fn amend(&self, amendment: &Amendment) -> Result<Amended, Failure> {
        Ok(self.state().amend(amendment))
    }

    async fn find(&self, ids: &[MessageId], reader: UserId) -> Result<Vec<Message>, Failure> {
        let state = self.state();
        let found = ids.iter().filter_map(|id| state.message(*id));
        Ok(found.map(|row| state.show(row, reader)).collect())
    }

    async fn sent(&self, sender: UserId, client_id: ClientId) -> Result<Option<Sent>, Failure> {
        let state = self.state();
        let known = state.sent.get(&(sender, client_id));
        Ok(known.and_then(|(id, fingerprint)| {
            Some(Sent {
                message: state.show(state.message(*id)?, sender),
                fingerprint: *fingerprint,
            })
        }))
    }

    async fn page(
        &self,
        view: &View,
        window: Window,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        Ok(self.state().page(view, window, limit))
    }

    async fn replies(
        &self,
        view: &View,
        root: MessageId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        Ok(self.state().replies(view, root, after, limit))
    }

    async fn pins(
        &self,
        view: &View,
        before: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        Ok(self.state().pins(view, before, limit))
    }

    async fn mentioning(
        &self,
        view: &View,
        up_to: Seq,
        limit: usize,
    ) -> Result<Vec<Message>, Failure> {
        Ok(self.state().mentioning(view, up_to, limit))
    }

    async fn latest(&self, views: &[View]) -> Result<Vec<Message>, Failure> {
        let state = self.state();
        let pages = views.iter().map(|view| state.page(view, Window::Newest, 1));
        Ok(pages.flatten().collect())
    }
}
