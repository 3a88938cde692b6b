//! A session's transport, and its requests in progress.

use std::task::{Context, Poll, Waker};

use bytes::Bytes;

use super::queue::Queue;
use crate::options::Bounds;
use crate::reason::Reason;

/// The transport of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// A WebSocket.
    WebSocket,
}

/// How far the upgrade from polling to a WebSocket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Polling,
    /// A WebSocket was opened besides the polling; once it was probed, polls are kept short.
    Probing {
        probed: bool,
    },
    WebSocket,
}

/// The outcome of a request's claim on the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// The request may proceed.
    Granted,
    /// The session uses another transport.
    Elsewhere,
    /// Another request holds it already.
    Taken,
    /// The session has ended.
    Gone,
}

/// The response to a poll.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Polled {
    /// What was queued.
    Frames(Vec<Bytes>),
    /// The end of the session.
    Last,
    /// Nothing.
    Nothing,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any of them go together"
)]
/// The part of a session that its requests and its owner share. Every operation here is short.
pub(super) struct State {
    pub(super) carrier: Carrier,
    pub(super) queue: Queue,
    /// How many pieces have been taken out of the queue.
    pub(super) taken: u64,
    /// How many had been when the last poll was answered.
    pub(super) polled: u64,
    /// How many had been handed over when the client was last pinged.
    pub(super) pinged: Option<u64>,
    /// The same for a ping of its WebSocket, which can be sent at any time.
    pub(super) asked: Option<u64>,
    /// Another such ping is wanted, since more has to be proven than this one will.
    pub(super) ask_again: bool,
    /// The client answered a ping since this was last taken.
    pub(super) answered: bool,
    pub(super) polling: bool,
    pub(super) posting: bool,
    pub(super) ended: Option<Reason>,
    /// Whether the client has learned of the end by a poll.
    pub(super) heard: bool,
    /// Whether anything waits for room in the queue.
    pub(super) awaited: bool,
    pub(super) reader: Option<Waker>,
}

impl State {
    pub(super) const fn new(bounds: Bounds, transport: Transport) -> Self {
        Self {
            carrier: match transport {
                Transport::Polling => Carrier::Polling,
                Transport::WebSocket => Carrier::WebSocket,
            },
            queue: Queue::new(bounds),
            taken: 0,
            polled: 0,
            pinged: None,
            asked: None,
            ask_again: false,
            answered: false,
            polling: false,
            posting: false,
            ended: None,
            heard: false,
            awaited: false,
            reader: None,
        }
    }

    /// A poll claims to be the only one that waits.
    pub(super) fn claim_poll(&mut self) -> Claim {
        match self.carrier {
            _ if self.ended.is_some() && !self.has_last_word() => Claim::Gone,
            Carrier::WebSocket => Claim::Elsewhere,
            Carrier::Polling | Carrier::Probing { .. } if self.polling => Claim::Taken,
            Carrier::Polling | Carrier::Probing { .. } => {
                self.polling = true;
                Claim::Granted
            }
        }
    }

    /// A post claims to be the only one that is read.
    pub(super) fn claim_post(&mut self) -> Claim {
        match self.carrier {
            _ if self.ended.is_some() => Claim::Gone,
            Carrier::WebSocket => Claim::Elsewhere,
            Carrier::Polling | Carrier::Probing { .. } if self.posting => Claim::Taken,
            Carrier::Polling | Carrier::Probing { .. } => {
                self.posting = true;
                Claim::Granted
            }
        }
    }

    /// A WebSocket claims to be the one that may take over later.
    pub(super) fn claim_upgrade(&mut self) -> Claim {
        match self.carrier {
            _ if self.ended.is_some() => Claim::Gone,
            Carrier::WebSocket => Claim::Elsewhere,
            Carrier::Probing { .. } => Claim::Taken,
            Carrier::Polling => {
                self.carrier = Carrier::Probing { probed: false };
                Claim::Granted
            }
        }
    }

    /// The response to a poll, once there is something to say.
    pub(super) fn poll_payload(&mut self, cx: &Context<'_>) -> Poll<Polled> {
        match (self.carrier, self.ended) {
            // The WebSocket reads the queue now.
            (Carrier::WebSocket, _) => Poll::Ready(Polled::Nothing),
            (_, Some(Reason::TransportClose)) => {
                self.heard = true;
                self.queue.clear();
                Poll::Ready(Polled::Nothing)
            }
            // The end goes alone: the official client acts on it before the packets that come with it.
            _ if !self.queue.is_empty() => Poll::Ready(Polled::Frames(self.take_all())),
            (_, Some(_)) => {
                self.heard = true;
                Poll::Ready(Polled::Last)
            }
            (Carrier::Probing { probed: true }, None) => Poll::Ready(Polled::Nothing),
            (Carrier::Polling | Carrier::Probing { .. }, None) => {
                self.wait(cx);
                Poll::Pending
            }
        }
    }

    /// What a WebSocket writes next; `None` once the session has ended and everything is written.
    pub(super) fn poll_frames(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(piece) = self.queue.pop() {
            self.taken = self.taken.saturating_add(1);
            return Poll::Ready(Some(piece));
        }
        if self.ended.is_some() {
            return Poll::Ready(None);
        }
        self.wait(cx);
        Poll::Pending
    }

    fn take_all(&mut self) -> Vec<Bytes> {
        let pieces = self.queue.pop_all();
        let count = u64::try_from(pieces.len()).unwrap_or(u64::MAX);
        self.taken = self.taken.saturating_add(count);
        self.polled = self.taken;
        pieces
    }

    fn wait(&mut self, cx: &Context<'_>) {
        let same = self
            .reader
            .as_ref()
            .is_some_and(|reader| reader.will_wake(cx.waker()));
        if !same {
            self.reader = Some(cx.waker().clone());
        }
    }

    /// Whether the client has to learn of the end by its next poll, since it did not cause it.
    pub(super) fn has_last_word(&self) -> bool {
        let told = [
            Reason::ServerClose,
            Reason::ServerShutdown,
            Reason::ServerDisconnect,
        ];
        !self.is_upgraded() && !self.heard && self.ended.is_some_and(|end| told.contains(&end))
    }

    pub(super) fn is_settled(&self) -> bool {
        self.ended.is_some() && !self.has_last_word()
    }

    pub(super) const fn is_upgraded(&self) -> bool {
        matches!(self.carrier, Carrier::WebSocket)
    }

    /// Whether there is enough room for something that `waits` for it, or the session has ended. If not,
    /// it is notified later.
    pub(super) fn has_capacity(&mut self, waits: bool) -> bool {
        let enough = self.queue.is_drained() || (!waits && !self.queue.is_half_full());
        let place = enough || self.ended.is_some();
        self.awaited |= !place;
        place
    }

    /// Whether to notify what waits for room.
    pub(super) fn call_in(&mut self) -> bool {
        self.queue.is_drained() && std::mem::take(&mut self.awaited)
    }

    pub(super) fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::task::noop_waker;

    use super::*;

    fn state(transport: Transport) -> State {
        State::new(Bounds::default(), transport)
    }

    fn say(state: &mut State, text: &'static str) {
        state.queue.push(Bytes::from_static(text.as_bytes()), 1);
    }

    fn polled(state: &mut State) -> Poll<Polled> {
        state.poll_payload(&Context::from_waker(&noop_waker()))
    }

    fn written(state: &mut State) -> Poll<Option<Bytes>> {
        state.poll_frames(&Context::from_waker(&noop_waker()))
    }

    fn frames(text: &'static str) -> Poll<Polled> {
        Poll::Ready(Polled::Frames(vec![Bytes::from_static(text.as_bytes())]))
    }

    #[test]
    fn one_poll_waits_and_one_post_is_read() {
        let mut state = state(Transport::Polling);
        assert_eq!(state.claim_poll(), Claim::Granted);
        assert_eq!(state.claim_poll(), Claim::Taken);
        assert_eq!(state.claim_post(), Claim::Granted);
        assert_eq!(state.claim_post(), Claim::Taken);
        assert_eq!(polled(&mut state), Poll::Pending);
        say(&mut state, "hello");
        assert_eq!(polled(&mut state), frames("hello"));
        assert_eq!(state.polled, 1);
    }

    #[test]
    fn a_websocket_takes_over_from_polls() {
        let mut state = state(Transport::Polling);
        assert_eq!(state.claim_upgrade(), Claim::Granted);
        assert_eq!(state.claim_upgrade(), Claim::Taken);
        assert_eq!(polled(&mut state), Poll::Pending, "it was not probed yet");
        state.carrier = Carrier::Probing { probed: true };
        say(&mut state, "by poll");
        assert_eq!(polled(&mut state), frames("by poll"));
        assert_eq!(polled(&mut state), Poll::Ready(Polled::Nothing));
        state.carrier = Carrier::WebSocket;
        say(&mut state, "by websocket");
        assert_eq!(
            polled(&mut state),
            Poll::Ready(Polled::Nothing),
            "it reads no more"
        );
        assert_eq!(state.claim_poll(), Claim::Elsewhere);
        assert_eq!(state.claim_upgrade(), Claim::Elsewhere);
        let next = Poll::Ready(Some(Bytes::from_static(b"by websocket")));
        assert_eq!(written(&mut state), next);
        assert_eq!(written(&mut state), Poll::Pending);
    }

    #[test]
    fn what_the_server_ends_is_told_by_the_next_polls() {
        let mut state = state(Transport::Polling);
        say(&mut state, "goodbye");
        state.ended = Some(Reason::ServerClose);
        assert!(state.has_last_word());
        assert_eq!(state.claim_post(), Claim::Gone);
        assert_eq!(state.claim_poll(), Claim::Granted);
        assert_eq!(polled(&mut state), frames("goodbye"));
        assert_eq!(polled(&mut state), Poll::Ready(Polled::Last));
        assert!(!state.has_last_word());
        state.polling = false;
        assert_eq!(state.claim_poll(), Claim::Gone);
    }

    #[test]
    fn what_the_client_ends_is_gone() {
        for reason in [
            Reason::TransportClose,
            Reason::PingTimeout,
            Reason::ParseError,
        ] {
            let mut state = state(Transport::Polling);
            state.ended = Some(reason);
            assert_eq!(state.claim_poll(), Claim::Gone, "{reason}");
            assert_eq!(state.claim_upgrade(), Claim::Gone, "{reason}");
        }
    }

    #[test]
    fn a_websocket_writes_what_waits_before_the_end() {
        let mut state = state(Transport::WebSocket);
        say(&mut state, "goodbye");
        state.ended = Some(Reason::ServerClose);
        assert!(!state.has_last_word());
        assert_eq!(
            written(&mut state),
            Poll::Ready(Some(Bytes::from_static(b"goodbye")))
        );
        assert_eq!(written(&mut state), Poll::Ready(None));
    }
}
