//! Pushing to devices, for tests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::notifier::Notification;
use domain::port::pusher::{Pushable, Pushed};
use domain::port::{Clock, Pusher};
use domain::{PushEndpoint, PushSubscription, Timestamp};

use crate::lock::lock;

/// How many notifications are remembered. Beyond that, callers are told to retry later.
const MOST: usize = 10_000;
/// The first byte of an uncompressed public key, which has 65 bytes.
const UNCOMPRESSED: u8 = 4;

/// Records what was pushed, and pushes nothing. Its answers can be set; by default an endpoint that
/// contains `nowhere` does not answer, and one that contains `forbidden` may not be called.
pub struct MemoryPusher {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    heard: Vec<(PushEndpoint, Notification)>,
    asked: usize,
    answers: Vec<(String, Pushed)>,
    rest: Option<Duration>,
    resting: Vec<(PushEndpoint, Timestamp)>,
}

impl MemoryPusher {
    /// A pusher that reads the time from this clock.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// What was pushed and where, in order.
    pub fn heard(&self) -> Vec<(PushEndpoint, Notification)> {
        lock(&self.state).heard.clone()
    }

    /// How many pushes were attempted.
    pub fn asked(&self) -> usize {
        lock(&self.state).asked
    }

    /// Sets the answer of endpoints that contain `word`.
    pub fn answer_at(&self, word: &str, answer: Pushed) {
        lock(&self.state).answers.push((word.to_owned(), answer));
    }

    /// Sets how long callers that are told to retry later should wait.
    pub fn rest(&self, rest: Option<Duration>) {
        lock(&self.state).rest = rest;
    }
}

#[async_trait]
impl Pusher for MemoryPusher {
    fn key(&self) -> [u8; 65] {
        [UNCOMPRESSED; 65]
    }

    async fn check(&self, subscription: &PushSubscription) -> Pushable {
        if subscription.endpoint.as_str().contains("forbidden") {
            Pushable::Endpoint("it may not be called")
        } else if subscription.keys.point().first() != Some(&UNCOMPRESSED) {
            Pushable::Key("it is no point")
        } else {
            Pushable::Yes
        }
    }

    async fn push(&self, to: &PushSubscription, notification: &Notification) -> Pushed {
        match self.check(to).await {
            Pushable::Yes => {}
            Pushable::Endpoint(why) | Pushable::Key(why) => return Pushed::Refused(why.to_owned()),
        }
        lock(&self.state).push(&to.endpoint, notification, self.clock.now())
    }
}

impl State {
    fn push(&mut self, to: &PushEndpoint, notification: &Notification, now: Timestamp) -> Pushed {
        self.resting.retain(|(_, until)| *until > now);
        if self.resting.iter().any(|(endpoint, _)| endpoint == to) {
            return Pushed::Later("it rests".to_owned());
        }
        if to.as_str().contains("nowhere") || self.heard.len() >= MOST {
            return Pushed::Later("nobody answers".to_owned());
        }
        self.asked += 1;
        let mut answers = self.answers.iter().rev();
        let answer = answers.find(|(word, _)| to.as_str().contains(word));
        let answer = answer.map_or(Pushed::Taken, |(_, answer)| answer.clone());
        match (&answer, self.rest) {
            (Pushed::Taken, _) => self.heard.push((to.clone(), notification.clone())),
            (Pushed::Later(_), Some(rest)) => self.resting.push((to.clone(), now + rest)),
            (Pushed::Gone | Pushed::Refused(_) | Pushed::Later(_), _) => {}
        }
        answer
    }
}
