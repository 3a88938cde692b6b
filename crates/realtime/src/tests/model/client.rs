//! Somebody who listens to a room, and the task that owns their socket.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use bytes::Bytes;
use domain::{ConnectionId, Rev, RoomId, Seq};
use futures::FutureExt as _;
use uuid::Uuid;

use super::store::{Log, Thing};
use crate::connection::Connection;
use crate::seat::Place;
use crate::shard::{Caught, Shard};
use crate::source::Stretch;
use crate::tests::stage::{owner, piece, rev, seq};

/// How many changes a page has.
const PAGE: usize = 3;
/// Whoever missed more begins anew.
const TOO_MUCH: i64 = 12;

/// What is being done for a client, up to the next moment at which others have their turn.
enum Job {
    Nothing,
    /// They took a seat, or want to resume: now it is asked whether they may.
    Asking {
        since: Option<Rev>,
    },
    /// The store was asked, and this was its answer.
    Admitted {
        since: Option<Rev>,
        place: Place,
    },
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
    floor: Seq,
    /// When the server last made sure that they belong there.
    admitted: Rev,
    /// What the client knows: the rev up to which it was told, and of each thing the last change.
    last: Option<Rev>,
    known: BTreeMap<Thing, Rev>,
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
            floor: seq(i64::try_from(number).unwrap() % 3 * 2),
            admitted: Rev::ZERO,
            last: None,
            known: BTreeMap::new(),
        }
    }

    pub(super) fn listens(&self) -> bool {
        self.shard.sits(&self.connection, self.room)
    }

    /// Whether nothing is left to be done or read.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.job, Job::Nothing)
            && !self.returns
            && self.connection.waiting_since().is_none()
    }

    /// Subscribes from where the client is, whatever it did before.
    pub(super) fn subscribe(&mut self) {
        if matches!(self.job, Job::Nothing) {
            self.shard.sit(&self.connection, self.room);
            // From here on frames follow upon what the client asked for.
            match self.last {
                Some(last) => self.say("again", last),
                None => self.say("anew", Rev::ZERO),
            }
            self.job = Job::Asking { since: self.last };
        }
    }

    pub(super) fn unsubscribe(&mut self) {
        if matches!(self.job, Job::Nothing) {
            self.shard.leave(&self.connection, self.room);
        }
    }

    /// Loses the connection with all that waits for it, and opens another one.
    pub(super) fn reconnect(&mut self) {
        self.shard.disconnect(&self.connection);
        self.connection.close();
        self.connection = connect(&self.shard, self.number);
        self.job = Job::Nothing;
        self.returns = false;
    }

    /// The task that owns the socket goes on to its next pause.
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
            Job::Nothing => self.resume(),
            Job::Asking { since } => match log.admit(self.number, self.floor, Rev::ZERO) {
                Some(place) => Job::Admitted { since, place },
                None => self.give_up(),
            },
            Job::Admitted { since, place } => self.take_place(since, place),
            Job::Missing { at } => self.ask(log, at),
            Job::Page { at, page } => self.tell(at, &page),
        };
    }

    fn resume(&mut self) -> Job {
        if !std::mem::take(&mut self.returns) {
            return Job::Nothing;
        }
        match self.shard.position(&self.connection, self.room) {
            Some(position) => Job::Asking {
                since: Some(position),
            },
            None => Job::Nothing,
        }
    }

    fn take_place(&mut self, since: Option<Rev>, place: Place) -> Job {
        let missed = since.map_or(i64::MAX, |since| place.admitted.after(since));
        let reset = missed > TOO_MUCH;
        let position = since.filter(|_| !reset).unwrap_or(place.admitted);
        self.shard.hub().look(self.room, place.admitted);
        let place = Place { position, ..place };
        if !self.shard.place(&self.connection, self.room, place) {
            return self.give_up();
        }
        self.admitted = place.admitted;
        if reset { self.begin() } else { self.catch_up() }
    }

    fn begin(&self) -> Job {
        match self.shard.begin(&self.connection, self.room) {
            Caught::Up { at, told: 0 } => {
                self.say("reset", at);
                Job::Nothing
            }
            // Whoever cannot begin just now asks again.
            Caught::Missing(_) => Job::Asking { since: None },
            Caught::Up { .. } | Caught::Gone => Job::Nothing,
        }
    }

    fn catch_up(&self) -> Job {
        match self.shard.catch_up(&self.connection, self.room) {
            Caught::Gone => Job::Nothing,
            Caught::Up { at, .. } => {
                self.say("up", at);
                Job::Nothing
            }
            Caught::Missing(at) => Job::Missing { at },
        }
    }

    fn ask(&self, log: &Log, at: Rev) -> Job {
        if self.connection.has_place().now_or_never().is_none() {
            return Job::Missing { at };
        }
        if !log.is_member(self.number) {
            return self.give_up();
        }
        let page = log.since(at, self.floor, PAGE);
        Job::Page { at, page }
    }

    fn tell(&self, at: Rev, page: &Stretch) -> Job {
        let (mut frames, mut count, mut prev) = (String::new(), 0, at);
        for change in &page.changes {
            write!(frames, "{}<{prev};", change.rev).unwrap();
            (count, prev) = (count + 1, change.rev);
        }
        if prev < page.up_to {
            write!(frames, "{}-{prev};", page.up_to).unwrap();
            count += 1;
        }
        let told = (Bytes::from(frames), count);
        if self
            .shard
            .tell(&self.connection, self.room, told, page.up_to)
        {
            self.catch_up()
        } else {
            Job::Nothing
        }
    }

    fn give_up(&self) -> Job {
        self.shard.leave(&self.connection, self.room);
        Job::Nothing
    }

    fn say(&self, what: &str, at: Rev) {
        self.connection.send(Bytes::from(format!("{what}={at};")));
    }

    /// Reads what comes next, if anything does.
    pub(super) fn read(&mut self, log: &Log) -> bool {
        let Some(piece) = piece(&self.connection) else {
            return false;
        };
        let text = String::from_utf8(piece.to_vec()).unwrap();
        for frame in text.split_terminator(';') {
            self.hear(log, frame);
        }
        true
    }

    fn hear(&mut self, log: &Log, frame: &str) {
        let number = |text: &str| rev(text.parse().unwrap());
        if let Some((at, prev)) = frame.split_once('<') {
            self.learn(log, number(prev), number(at), true);
        } else if let Some((at, prev)) = frame.split_once('-') {
            self.learn(log, number(prev), number(at), false);
        } else if let Some((word, at)) = frame.split_once('=') {
            self.heed(log, word, number(at));
        }
    }

    fn heed(&mut self, log: &Log, word: &str, at: Rev) {
        match word {
            "again" => self.last = Some(at),
            "anew" => self.last = None,
            "reset" => {
                self.last = Some(at);
                // The client reads the room by other means, which is as it is by now.
                self.known.extend(log.things());
            }
            "up" => assert_eq!(self.last, Some(at), "an answer says where they stand"),
            _ => assert_eq!(word, "lagging"),
        }
    }

    /// Takes a durable frame, which has to follow upon the one before.
    fn learn(&mut self, log: &Log, prev: Rev, at: Rev, told: bool) {
        assert_eq!(Some(prev), self.last, "{at} follows upon what was told");
        assert!(prev < at, "{at} does not go back");
        let left = log.left_within(self.number, self.admitted, at);
        assert!(!left, "{at} is not told to who is gone");
        if told {
            let thing = log.thing(at);
            assert!(thing.is_readable(self.floor), "{at} is not theirs to read");
            self.known.insert(thing, at);
        }
        self.last = Some(at);
    }

    /// At the end the client knows all that is theirs to read.
    pub(super) fn check(&self, log: &Log) {
        for (thing, last) in log.things() {
            if thing.is_readable(self.floor) {
                let known = self.known.get(thing);
                assert_eq!(known, Some(last), "{} knows {thing:?}", self.number);
            }
        }
    }
}

fn connect(shard: &Shard, number: u128) -> Rc<Connection> {
    let id = ConnectionId::from_uuid(Uuid::from_u128(number));
    shard.connect(id, owner(number))
}
