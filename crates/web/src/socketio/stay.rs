//! A socket of Socket.IO, from its handshake to its end. One task owns it.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use protocol::ErrorCode;
use realtime::Ending;
use socketio::{Handshake, Incoming, Socket};
use tokio::time::{Instant, sleep_until, timeout};

use super::answers::{Reply, complain};
use super::door::Guest;
use super::greet::greet;
use super::jobs::{Job, start};
use super::proof::Proof;
use super::visitor::{Outgoing, Visitor};
use super::vocabulary::{self, Vocabulary};
use crate::error::ApiError;
use crate::live::{Arrival, Peer, Rate, Verdict, Work, Worker};

/// For how long something may wait of which the client takes nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long somebody who has left is still there for others, while what they asked for before is done.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long the end waits for what is being carried out, so that its answer is heard.
const LAST_WORD: Duration = Duration::from_millis(500);
/// How often it is looked what a client in a crowded room has.
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
    /// The vocabulary for which everything was begun.
    begun: Option<Vocabulary>,
}

/// Whether a stay goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    On,
    /// Its client has left.
    Left,
    /// It ends for good: its client does not come back by itself.
    End,
    /// It ends here, and its client goes on elsewhere.
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

    /// What is to be done once it is known what the client speaks, whatever it asks for.
    fn begin(&mut self) {
        let vocabulary = self.visitor.vocabulary();
        if vocabulary.is_none() || vocabulary == self.begun {
            return;
        }
        self.begun = vocabulary;
        let rooms = self.visitor.rooms_to_resume();
        if !rooms.is_empty() {
            self.work.take_on(Job::Listen(rooms));
        }
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
            let hears = !crowded && self.work.has_place();
            let next = tokio::select! {
                incoming = socket.next(), if hears => self.hear(incoming),
                () = self.work.done() => Next::On,
                () = peer.sends.moved() => Next::On,
                () = peer.connection.signalled() => self.look(),
                () = peer.connection.has_place(), if crowded => Next::On,
                () = self.proof.arrives(socket) => self.take_proof(),
                () = alarm.as_mut() => self.tick(),
            };
            if next != Next::On {
                return next;
            }
        }
    }

    /// Leaves nothing behind.
    async fn finish(mut self, end: Next) {
        let visitor = Rc::clone(&self.visitor);
        let peer = &visitor.peer;
        // What was begun goes on when the time is over, only nobody hears of it.
        drop(if end == Next::Left {
            // Whatever is still told to it is for nobody, and waits for no place.
            peer.connection.close();
            let may_go_on = || peer.connection.ending().is_none();
            let rest = self
                .work
                .drain(&peer.sends, may_go_on, |job| start(&visitor, job));
            timeout(FAREWELL, rest).await
        } else {
            timeout(LAST_WORD, self.work.finish(&peer.sends)).await
        });
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
        // By this it may be known what they speak.
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

    /// The hub has something for this connection.
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
        // Whoever falls behind is not told so: they hear later what they would have heard now.
        drop(connection.fallen());
        let back = connection.returns();
        if !back.is_empty() {
            self.work.take_on(Job::Resume(back));
        }
        let new = connection.new_rooms();
        if !new.is_empty() {
            self.work.take_on(Job::ListenDirect(new));
        }
        Next::On
    }

    fn tick(&mut self) -> Next {
        let now = Instant::now();
        let visitor = Rc::clone(&self.visitor);
        let peer = &visitor.peer;
        let waiting = peer.connection.waiting_since();
        if waiting.is_some_and(|since| since.elapsed() >= PATIENCE) {
            return Next::Elsewhere;
        }
        let silent = peer.fallen_silent(now);
        if !silent.is_empty() {
            self.work.take_on(Job::Silence(silent));
        }
        let unfinished = peer.unfinished(now);
        if !unfinished.is_empty() {
            self.work.take_on(Job::Resume(unfinished));
        }
        if now >= self.proof.due() {
            self.proof.tell(visitor.news());
            let crowds_too = now >= self.crowd_due;
            if crowds_too {
                self.crowd_due = now + CROWD_EVERY;
            }
            let counts = |room| crowds_too || !visitor.is_crowded(room);
            self.proof.look(&visitor.socket, waiting.is_none(), counts);
        }
        Next::On
    }

    fn take_proof(&mut self) -> Next {
        let arrived = self.proof.arrived(&self.visitor.socket);
        if !arrived.is_empty() {
            self.work.take_on(Job::Delivered(arrived));
        }
        Next::On
    }

    fn due(&self) -> Instant {
        let peer = &self.visitor.peer;
        let due = self.proof.due();
        let due = peer.due().map_or(due, |other| due.min(other));
        match peer.connection.waiting_since() {
            Some(since) => due.min(Instant::from_std(since) + PATIENCE),
            None => due,
        }
    }
}
