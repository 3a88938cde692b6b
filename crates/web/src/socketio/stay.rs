//! A Socket.IO socket, from its handshake to its end. A single task owns it.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use protocol::ErrorCode;
use realtime::Ending;
use socketio::{Handshake, Incoming, Socket};
use tokio::time::{Instant, sleep_until};

use super::answers::{Reply, complain};
use super::door::Guest;
use super::greet::greet;
use super::jobs::{Job, start};
use super::proof::Proof;
use super::visitor::{Outgoing, Visitor};
use super::vocabulary::{self, Vocabulary};
use crate::error::ApiError;
use crate::live::{Arrival, LAST_WORD, Peer, Rate, Verdict, Work, Worker};

/// How often deliveries are checked in crowded rooms.
const CROWD_EVERY: Duration = Duration::from_secs(25);

/// Serves a client until either side ends it.
pub(super) async fn stay(worker: Rc<Worker>, socket: Socket, handshake: Handshake, guest: Guest) {
    let is_greeted = guest.is_none();
    let arrival = match guest {
        Some(arrival) => Some(arrival),
        None => greet(&worker, &socket).await,
    };
    let Some((connection, believed)) = arrival.map(Arrival::stays) else {
        return;
    };
    let peer = Peer::new(&worker, &connection, believed.caller);
    socket.attach(Rc::new(Outgoing(Rc::clone(&connection))));
    let visitor = Visitor::new(peer, socket, &handshake.auth);
    if is_greeted {
        visitor.suppose(Vocabulary::Direct);
    }
    let mut stay = Stay::new(visitor);
    stay.begin();
    let end = stay.run().await;
    stay.finish(end).await;
}

struct Stay {
    visitor: Rc<Visitor>,
    work: Work<Job>,
    rate: Rate,
    proof: Proof,
    crowd_due: Instant,
    /// The vocabulary for which [`begin`](Self::begin) has run.
    begun: Option<Vocabulary>,
}

/// Whether the stay continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    On,
    /// The client has left.
    Left,
    /// The server ends it for good: the client does not reconnect by itself.
    End,
    /// The server ends it here, and the client reconnects elsewhere.
    Elsewhere,
}

impl Stay {
    fn new(visitor: Rc<Visitor>) -> Self {
        Self {
            rate: Rate::new(visitor.peer.worker.frames),
            visitor,
            work: Work::new(),
            proof: Proof::new(),
            crowd_due: Instant::now() + CROWD_EVERY,
            begun: None,
        }
    }

    /// Queues what is to be done as soon as the client's vocabulary is known.
    fn begin(&mut self) {
        let vocabulary = self.visitor.vocabulary();
        if vocabulary.is_none() || vocabulary == self.begun {
            return;
        }
        self.begun = vocabulary;
        let rooms = self.visitor.rooms_to_resume();
        self.work.take_on_if_any(rooms, Job::Listen);
        if vocabulary == Some(Vocabulary::Direct) {
            self.work.take_on(Job::ListenToAll);
        }
    }

    async fn run(&mut self) -> Next {
        let mut alarm = pin!(sleep_until(self.due()));
        loop {
            let visitor = Rc::clone(&self.visitor);
            let (peer, socket) = (&visitor.peer, &visitor.socket);
            self.work
                .start_next(&peer.sends, |job| start(&visitor, job));
            let due = self.due();
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            let crowded = peer.connection.is_crowded();
            let hears = !crowded && self.work.has_capacity();
            let next = tokio::select! {
                incoming = socket.next(), if hears => self.hear(incoming),
                () = self.work.done() => Next::On,
                () = peer.sends.moved() => Next::On,
                () = peer.connection.signalled() => self.look(),
                () = peer.connection.has_capacity(), if crowded => Next::On,
                () = self.proof.arrives(socket) => self.take_proof(),
                () = alarm.as_mut() => self.tick(),
            };
            if next != Next::On {
                return next;
            }
        }
    }

    /// Ends the stay, and cleans up after it.
    async fn finish(mut self, end: Next) {
        let visitor = Rc::clone(&self.visitor);
        let peer = &visitor.peer;
        if end == Next::Left {
            // Nobody reads what is still sent to it, and nothing waits for room in its queue.
            peer.connection.close();
            self.work.farewell(peer, |job| start(&visitor, job)).await;
        } else {
            self.work.last_word(&peer.sends, LAST_WORD).await;
        }
        peer.worker.shard.disconnect(&peer.connection);
        if end == Next::Elsewhere {
            visitor.socket.close();
        } else {
            visitor.socket.disconnect(true);
        }
        peer.connection.close();
        let visits = &peer.worker.sockets.use_cases.visits;
        visits
            .leave_all(peer.caller().user, peer.connection.id())
            .await;
        peer.leave().await;
    }

    fn hear(&mut self, incoming: Option<Incoming>) -> Next {
        let Some(Incoming::Event(event)) = incoming else {
            return Next::Left;
        };
        let reply = Reply::new(self.visitor.socket.clone(), event.ack);
        match self.rate.count(Instant::now()) {
            Verdict::Fine => (),
            Verdict::Over(rest) => {
                let words = "too many events in a short time: try again later";
                let error = ApiError::new(ErrorCode::RateLimited, words);
                reply.refused(&error.again_after(rest));
                return Next::On;
            }
            Verdict::Flood => {
                let words = "far too many events in a short time";
                reply.refused(&ApiError::new(ErrorCode::RateLimited, words));
                return Next::End;
            }
        }
        let order = self.read(&event.name, &event.args);
        // This event may have told which vocabulary the client speaks.
        self.begin();
        match order {
            Ok(order) => self.work.take_on(Job::Order(order, reply)),
            Err(error) => reply.refused(&error),
        }
        Next::On
    }

    fn read(&self, event: &str, args: &[serde_json::Value]) -> vocabulary::Reading {
        if event == "authenticate" {
            self.visitor.suppose(Vocabulary::Direct);
            return vocabulary::authenticate(args);
        }
        let spoken = self.visitor.vocabulary_of(event, args);
        let read = spoken.and_then(|vocabulary| Some((vocabulary, vocabulary.read(event, args)?)));
        let Some((vocabulary, order)) = read else {
            let words = format!("there is no event {event:?} here");
            return Err(ApiError::new(ErrorCode::Invalid, words));
        };
        if order.is_ok() {
            self.visitor.settle(vocabulary);
        }
        order
    }

    /// Handles what the hub has signalled to this connection.
    fn look(&mut self) -> Next {
        let (connection, socket) = (&self.visitor.peer.connection, &self.visitor.socket);
        match connection.ending() {
            Some(Ending::SessionEnded) => {
                let words = "this session was ended";
                complain(socket, &ApiError::new(ErrorCode::SessionRevoked, words));
                return Next::End;
            }
            Some(Ending::Slow | Ending::Restart) => return Next::Elsewhere,
            None => (),
        }
        // Clients are not told that they fell behind: they get later what they would have got now.
        drop(connection.fallen());
        let (back, new) = (connection.returns(), connection.new_rooms());
        self.work.take_on_if_any(back, Job::Resume);
        if self.visitor.speaks_direct() {
            self.work.take_on_if_any(new, Job::ListenDirect);
        }
        Next::On
    }

    fn tick(&mut self) -> Next {
        let now = Instant::now();
        let visitor = Rc::clone(&self.visitor);
        let peer = &visitor.peer;
        if peer.has_stalled(now) {
            return Next::Elsewhere;
        }
        let (silent, unfinished) = (peer.fallen_silent(now), peer.unfinished(now));
        self.work.take_on_if_any(silent, Job::Silence);
        self.work.take_on_if_any(unfinished, Job::Resume);
        for job in visitor.unheard.take(now) {
            self.work.take_on(job);
        }
        if now >= self.proof.due() {
            self.proof.tell(visitor.news());
            let crowds_too = now >= self.crowd_due;
            if crowds_too {
                self.crowd_due = now + CROWD_EVERY;
            }
            let counts = |room| crowds_too || !visitor.is_crowded(room);
            let all_handed_over = peer.connection.waiting_since().is_none();
            self.proof.look(&visitor.socket, all_handed_over, counts);
        }
        Next::On
    }

    fn take_proof(&mut self) -> Next {
        let arrived = self.proof.arrived(&self.visitor.socket);
        self.work.take_on_if_any(arrived, Job::Delivered);
        Next::On
    }

    fn due(&self) -> Instant {
        let Visitor { peer, unheard, .. } = &*self.visitor;
        let others = peer.due().into_iter().chain(unheard.due());
        others.fold(self.proof.due(), Instant::min)
    }
}
