//! Calling other systems, for tests.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use domain::port::WebhookSender;
use domain::port::webhook_sender::{Callable, Sent, WebhookCall};
use domain::{EventId, WebhookUrl};

use crate::lock::lock;

/// How many calls are remembered. Further ones are refused.
const MOST: usize = 10_000;

/// Records what was sent, and calls nothing. Its answer depends on the address: one that contains
/// `nowhere` does not answer, and one that contains `forbidden` may not be called.
pub struct MemoryWebhookSender {
    state: Mutex<State>,
}

struct State {
    status: u16,
    /// The status for addresses that contain this text.
    exceptions: Vec<(String, u16)>,
    taken: Vec<(EventId, Vec<u8>)>,
}

impl Default for MemoryWebhookSender {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                status: 200,
                exceptions: Vec::new(),
                taken: Vec::new(),
            }),
        }
    }
}

impl MemoryWebhookSender {
    /// The calls taken, in order.
    pub fn taken(&self) -> Vec<(EventId, Vec<u8>)> {
        self.state().taken.clone()
    }

    /// Sets the status of all later answers.
    pub fn answer(&self, status: u16) {
        let mut state = self.state();
        state.status = status;
        state.exceptions.clear();
    }

    /// Sets the status of later answers from addresses that contain `word`.
    pub fn answer_at(&self, word: &str, status: u16) {
        self.state().exceptions.push((word.to_owned(), status));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

#[async_trait]
impl WebhookSender for MemoryWebhookSender {
    async fn check(&self, url: &WebhookUrl) -> Callable {
        if url.as_str().contains("forbidden") {
            Callable::No("it may not be called")
        } else {
            Callable::Yes
        }
    }

    async fn send(&self, call: &WebhookCall<'_>) -> Sent {
        let url = call.url.as_str();
        if url.contains("forbidden") {
            return Sent::Failed("it may not be called".to_owned());
        }
        let mut state = self.state();
        if url.contains("nowhere") || state.taken.len() >= MOST {
            return Sent::Failed("nobody answers".to_owned());
        }
        let exceptions = state.exceptions.iter();
        let exception = exceptions.rev().find(|(word, _)| url.contains(word));
        let status = exception.map_or(state.status, |(_, status)| *status);
        if !(200..300).contains(&status) {
            return Sent::Refused(status);
        }
        state.taken.push((call.id, call.body.to_vec()));
        Sent::Taken(status)
    }
}
