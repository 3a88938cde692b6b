//! What a client learns from what it reads.

use std::collections::BTreeMap;

use domain::{Rev, Seq};

use super::store::{Log, Thing};
use crate::tests::stage::{rev, seq};

/// What a client knows of a room: the rev up to which it was told, and the last change of each thing.
pub(super) struct Reader {
    who: u128,
    pub(super) floor: Seq,
    pub(super) last: Option<Rev>,
    known: BTreeMap<Thing, Rev>,
}

impl Reader {
    pub(super) fn new(who: u128) -> Self {
        Self {
            who,
            // Some joined later than others.
            floor: seq(i64::try_from(who).unwrap() % 3 * 2),
            last: None,
            known: BTreeMap::new(),
        }
    }

    /// Takes a frame. At the rev `admitted` the server checked that the client's user is a member.
    pub(super) fn hear(&mut self, log: &Log, admitted: Rev, frame: &str) {
        let number = |text: &str| rev(text.parse().unwrap());
        if let Some((at, prev)) = frame.split_once('<') {
            self.learn(log, admitted, (number(prev), number(at)), true);
        } else if let Some((at, prev)) = frame.split_once('-') {
            self.learn(log, admitted, (number(prev), number(at)), false);
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
                // The client reads the room by other means, and gets its present state.
                self.known.extend(log.things());
            }
            "up" => assert_eq!(self.last, Some(at), "an answer says where they stand"),
            // The client has everything up to the rev at which it was admitted.
            "complete" => self.check(log, at),
            _ => assert_eq!(word, "lagging"),
        }
    }

    /// Takes a durable frame, which must follow on the one before.
    fn learn(&mut self, log: &Log, admitted: Rev, (prev, at): (Rev, Rev), told: bool) {
        assert_eq!(Some(prev), self.last, "{at} follows upon what was told");
        assert!(prev < at, "{at} does not go back");
        let left = log.left_within(self.who, admitted, at);
        assert!(!left, "{at} is not told to who is gone");
        if told {
            let thing = log.thing(at);
            assert!(thing.is_readable(self.floor), "{at} is not theirs to read");
            self.known.insert(thing, at);
        }
        self.last = Some(at);
    }

    /// The client knows everything that it may read and that has not changed since this rev.
    pub(super) fn check(&self, log: &Log, up_to: Rev) {
        for (thing, last) in log.things() {
            if thing.is_readable(self.floor) && *last <= up_to {
                let known = self.known.get(thing);
                assert_eq!(known, Some(last), "{} knows {thing:?}", self.who);
            }
        }
    }
}
