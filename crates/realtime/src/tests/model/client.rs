//! A client that listens to a room, and the task that owns its socket.

use std::fmt::Write as _;
use std::rc::Rc;

use bytes::Bytes;
use domain::{ConnectionId, Rev, RoomId};
use futures::FutureExt as _;
use uuid::Uuid;

use super::reader::Reader;
use super::store::Log;
use crate::connection::Connection;
use crate::seat::{Piece, Place};
use crate::shard::{Caught, Memory, Shard};
use crate::source::Stretch;
use crate::tests::stage::{owner, piece};

/// How many changes a page has.
const PAGE: usize = 3;
/// A client that missed more than this starts over.
const TOO_MUCH: i64 = 12;

/// What a client's task is doing, up to its next pause.
enum Job {
    Nothing,
    /// It took a seat, or wants to resume: next the store is asked whether it may.
    Asking {
        since: Option<Rev>,
    },
    /// The store was asked, and this was its answer.
    Admitted {
        since: Option<Rev>,
        place: Place,
    },
    /// It has received part of what the node remembers, and its queue has no room for the rest.
    Part,
    /// The store has to be asked for more.
    Missing {
        at: Rev,
    },
    /// That was its answer.
    Page {
        at: Rev,
        page: Stretch,
    },
}

pub(super) struct Client {
    pub(super) number: u128,
    pub(super) room: RoomId,
    shard: Rc<Shard>,
    connection: Rc<Connection>,
    job: Job,
    /// Whether it fell behind and may catch up, once there is nothing else to do.
    returns: bool,
    reader: Reader,
    /// When the server last checked that the user is a member, if they have not left since.
    admitted: Rev,
    wants: bool,
}

impl Client {
    pub(super) fn new(number: u128, room: RoomId, shard: &Rc<Shard>) -> Self {
        Self {
            number,
            room,
            shard: Rc::clone(shard),
            connection: connect(shard, number),
            job: Job::Nothing,
            returns: false,
            reader: Reader::new(number),
            admitted: Rev::ZERO,
            wants: false,
        }
    }

    pub(super) fn listens(&self) -> bool {
        self.shard.sits(&self.connection, self.room)
    }

    /// Subscribes from where the client is, whatever it did before.
    pub(super) fn subscribe(&mut self) {
        if matches!(self.job, Job::Nothing) {
            self.shard.sit(&self.connection, self.room);
            // From here on frames follow on what the client asked for.
            match self.reader.last {
                Some(last) => self.say("again", last),
                None => self.say("anew", Rev::ZERO),
            }
            self.job = Job::Asking {
                since: self.reader.last,
            };
        }
    }

    pub(super) fn unsubscribe(&mut self) {
        if matches!(self.job, Job::Nothing) {
            self.shard.leave(&self.connection, self.room);
            self.wants = false;
        }
    }

    /// Loses the connection with everything queued, and opens another one.
    pub(super) fn reconnect(&mut self) {
        self.shard.disconnect(&self.connection);
        self.connection.close();
        self.connection = connect(&self.shard, self.number);
        self.job = Job::Nothing;
        (self.returns, self.wants) = (false, false);
    }

    /// Runs the task that owns the socket up to its next pause.
    pub(super) fn step(&mut self, log: &Log) {
        if self.connection.signalled().now_or_never().is_some() {
            if self.connection.ending().is_some() {
                return self.reconnect();
            }
            if !self.connection.fallen().is_empty() {
                self.say("lagging", Rev::ZERO);
            }
            self.returns |= !self.connection.returns().is_empty();
        }
        self.job = match std::mem::replace(&mut self.job, Job::Nothing) {
            Job::Nothing => self.resume(log),
            Job::Asking { since } => match log.admit(self.number, self.reader.floor, Rev::ZERO) {
                Some(place) => Job::Admitted { since, place },
                None => self.give_up(),
            },
            Job::Admitted { since, place } => self.take_place(log, since, place),
            Job::Part => self.go_on(log),
            Job::Missing { at } => self.ask(log, at),
            Job::Page { at, page } => self.tell(log, at, &page),
        };
    }

    fn resume(&mut self, log: &Log) -> Job {
        if !std::mem::take(&mut self.returns) {
            return Job::Nothing;
        }
        let job = self.catch_up(log);
        if let Job::Missing { at } = job {
            return Job::Asking { since: Some(at) };
        }
        job
    }

    fn take_place(&mut self, log: &Log, since: Option<Rev>, place: Place) -> Job {
        let missed = since.map_or(i64::MAX, |since| place.admitted.after(since));
        let reset = missed > TOO_MUCH;
        let position = since.filter(|_| !reset).unwrap_or(place.admitted);
        self.shard.hub().reach(self.room, place.admitted, None);
        let place = Place { position, ..place };
        if !self.listens() {
            // The seat was lost while the store was asked, even if the user is back by now.
            return self.is_out(log);
        }
        (self.admitted, self.wants) = (place.admitted, true);
        if !self.shard.place(&self.connection, self.room, place) {
            return self.is_out(log);
        }
        if reset {
            self.begin(log)
        } else {
            self.catch_up(log)
        }
    }

    /// A seat may be refused only if the user has left.
    fn is_out(&mut self, log: &Log) -> Job {
        let left = log.left_within(self.number, self.admitted, log.head());
        assert!(left, "{} is not sent away", self.number);
        self.wants = false;
        Job::Nothing
    }

    fn begin(&mut self, log: &Log) -> Job {
        match self.shard.begin(&self.connection, self.room) {
            Caught::Up { at, told: 0 } => {
                self.say("reset", at);
                Job::Nothing
            }
            // A client that cannot start now asks again.
            Caught::Missing(_) => Job::Asking { since: None },
            Caught::Up { told, .. } | Caught::Part { told } => {
                panic!("{told} frames have no place")
            }
            Caught::Gone => self.is_out(log),
        }
    }

    fn catch_up(&mut self, log: &Log) -> Job {
        match self
            .shard
            .catch_up(&self.connection, self.room, Memory::Last)
        {
            Caught::Gone => self.is_out(log),
            Caught::Up { at, .. } => {
                self.say("up", at);
                if self.connection.fallen().is_empty() {
                    self.say("complete", self.admitted);
                } else {
                    self.say("lagging", at);
                }
                Job::Nothing
            }
            Caught::Part { .. } => Job::Part,
            Caught::Missing(at) => Job::Missing { at },
        }
    }

    fn go_on(&mut self, log: &Log) -> Job {
        match self.connection.has_capacity().now_or_never() {
            Some(()) => self.catch_up(log),
            None => Job::Part,
        }
    }

    fn ask(&mut self, log: &Log, at: Rev) -> Job {
        if self.connection.has_capacity().now_or_never().is_none() {
            return Job::Missing { at };
        }
        if !log.is_member(self.number) {
            return self.give_up();
        }
        let page = log.since(at, self.reader.floor, PAGE);
        Job::Page { at, page }
    }

    fn tell(&mut self, log: &Log, at: Rev, page: &Stretch) -> Job {
        let (mut frames, mut count, mut prev) = (String::new(), 0, at);
        for change in &page.changes {
            write!(frames, "{}<{prev};", change.rev).unwrap();
            (count, prev) = (count + 1, change.rev);
        }
        if prev < page.up_to {
            write!(frames, "{}-{prev};", page.up_to).unwrap();
            count += 1;
        }
        let piece = Piece {
            frames: Bytes::from(frames),
            count,
            up_to: page.up_to,
        };
        if self.shard.tell(&self.connection, self.room, piece) {
            self.catch_up(log)
        } else {
            self.is_out(log)
        }
    }

    fn give_up(&mut self) -> Job {
        self.wants = false;
        self.shard.leave(&self.connection, self.room);
        Job::Nothing
    }

    fn say(&self, what: &str, at: Rev) {
        self.connection.send(Bytes::from(format!("{what}={at};")));
    }

    /// Reads the next frame, if there is one.
    pub(super) fn read(&mut self, log: &Log) -> bool {
        let Some(piece) = piece(&self.connection) else {
            return false;
        };
        let text = String::from_utf8(piece.to_vec()).unwrap();
        for frame in text.split_terminator(';') {
            self.reader.hear(log, self.admitted, frame);
        }
        true
    }

    /// At the end the client knows everything, if it wants to.
    pub(super) fn check_all(&self, log: &Log) {
        let idle = matches!(self.job, Job::Nothing) && !self.returns;
        assert!(idle && self.connection.waiting_since().is_none());
        if self.listens() {
            assert!(log.is_member(self.number), "{} belongs", self.number);
            self.reader.check(log, log.head());
        } else if self.wants {
            let left = log.left_within(self.number, self.admitted, log.head());
            assert!(left, "{} is not sent away", self.number);
        }
    }
}

fn connect(shard: &Shard, number: u128) -> Rc<Connection> {
    let id = ConnectionId::from_uuid(Uuid::from_u128(number));
    shard.connect(id, owner(number))
}
