//! A node, its store, and its clients.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use domain::{Rev, RoomId, Seq};
use tokio::time::Instant;

use super::client::Client;
use super::store::Store;
use crate::hub::Hub;
use crate::queue::Bounds;
use crate::shard::{Inbox, Shard};
use crate::source::Stretch;
use crate::tests::stage::room;

pub(super) const ROOMS: usize = 2;
pub(super) const CLIENTS: usize = 6;
const WORKERS: usize = 2;
/// How many changes are read at once to fill a gap.
const STRETCH: usize = 4;
/// The number of steps after which everything has settled.
const ROUNDS: usize = 200;

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Post(usize),
    Touch(usize, usize),
    /// A user leaves their room, or rejoins it.
    Turn(usize),
    /// Any of the hints arrives, and maybe once more later.
    Hint(usize, bool),
    LoseHint(usize),
    /// A worker takes this many of the items in its inbox.
    Take(usize, usize),
    /// It loses them all, and learns so after it takes the next one.
    Overrun(usize),
    /// The store is asked for a room's head.
    Look(usize),
    /// A gap is read from the store.
    Mend,
    /// The answer arrives.
    Mended(usize),
    Forget,
    Subscribe(usize),
    Unsubscribe(usize),
    Reconnect(usize),
    /// A client's task goes on.
    Go(usize),
    Read(usize),
}

pub(super) struct World {
    hub: Arc<Hub>,
    workers: Vec<(Rc<Shard>, Inbox)>,
    /// Whether a worker has lost something and does not know it yet.
    overrun: [bool; WORKERS],
    store: Store,
    hints: Vec<(RoomId, Rev)>,
    /// Answers of the store that have not arrived yet.
    answers: Vec<(RoomId, Rev, Stretch)>,
    clients: Vec<Client>,
}

fn nth(number: usize) -> RoomId {
    room(u128::try_from(number % ROOMS).unwrap())
}

impl World {
    pub(super) fn new() -> Self {
        let hub = Hub::new(Bounds {
            bytes: 256,
            frames: 8,
        });
        let workers: Vec<_> = (0..WORKERS).map(|_| Shard::open(&hub)).collect();
        let mut store = Store::new();
        let clients = (0..CLIENTS).map(|number| {
            let (who, of) = (u128::try_from(number).unwrap(), nth(number));
            store.entry(of).or_default().enter(who);
            Client::new(who, of, &workers[number / ROOMS % WORKERS].0)
        });
        let clients = clients.collect();
        Self {
            hub,
            workers,
            overrun: [false; WORKERS],
            store,
            hints: Vec::new(),
            answers: Vec::new(),
            clients,
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        match step {
            Step::Post(of) => {
                let number = self.store.get_mut(&nth(of)).unwrap().post();
                self.hints.push((nth(of), number));
            }
            Step::Touch(of, which) => {
                let number = self.store.get_mut(&nth(of)).unwrap().touch(which);
                self.hints.extend(number.map(|number| (nth(of), number)));
            }
            Step::Turn(who) => self.turn(who % CLIENTS),
            Step::Hint(which, again) => self.hint(which, again),
            Step::LoseHint(which) => drop(take_one(&mut self.hints, which)),
            Step::Take(which, most) => self.take(which % WORKERS, most),
            Step::Overrun(which) => self.overrun(which % WORKERS),
            Step::Look(of) => self.hub.reach(nth(of), self.store[&nth(of)].head(), None),
            Step::Mend => self.mend(),
            Step::Mended(which) => self.fill(which),
            Step::Forget => {
                self.hub.forget_silent(Instant::now(), Duration::ZERO);
                self.hub.forget_old_events();
            }
            Step::Subscribe(who) => self.clients[who % CLIENTS].subscribe(),
            Step::Unsubscribe(who) => self.clients[who % CLIENTS].unsubscribe(),
            Step::Reconnect(who) => self.clients[who % CLIENTS].reconnect(),
            Step::Go(who) => self.go(who % CLIENTS),
            Step::Read(who) => drop(self.read(who % CLIENTS)),
        }
    }

    fn turn(&mut self, who: usize) {
        let client = &self.clients[who];
        let log = self.store.get_mut(&client.room).unwrap();
        let number = if log.is_member(client.number) {
            log.leave(client.number)
        } else if client.listens() {
            // It is not out yet. Who is back before that has never been away, as far as one can see.
            return;
        } else {
            log.enter(client.number)
        };
        self.hints.push((client.room, number));
    }

    fn hint(&mut self, which: usize, again: bool) {
        if let Some((of, number)) = take_one(&mut self.hints, which) {
            self.hub.offer(of, [self.store[&of].hint(number)]);
            if again {
                self.hints.push((of, number));
            }
        }
    }

    fn take(&mut self, which: usize, most: usize) {
        let (shard, inbox) = &mut self.workers[which];
        let waiting = std::iter::from_fn(|| inbox.0.try_recv().ok());
        shard.take(&mut waiting.take(most).collect());
        if std::mem::take(&mut self.overrun[which]) {
            shard.tables.borrow_mut().doubt_all();
        }
    }

    fn overrun(&mut self, which: usize) {
        let inbox = &mut self.workers[which].1;
        while inbox.0.try_recv().is_ok() {
            self.overrun[which] = true;
        }
    }

    fn mend(&mut self) {
        for of in self.hub.take_holes() {
            self.ask(of);
        }
    }

    fn ask(&mut self, of: RoomId) {
        if let Some(at) = self.hub.torn_at(of) {
            let stretch = self.store[&of].since(at, Seq::ZERO, STRETCH);
            self.answers.push((of, at, stretch));
        }
    }

    fn fill(&mut self, which: usize) {
        let Some((of, at, stretch)) = take_one(&mut self.answers, which) else {
            return;
        };
        let Stretch {
            changes,
            up_to,
            more,
        } = stretch;
        self.hub.fill(of, at, changes, up_to);
        if more {
            let stretch = self.store[&of].since(up_to, Seq::ZERO, STRETCH);
            self.answers.push((of, up_to, stretch));
        }
    }

    fn go(&mut self, who: usize) {
        let client = &mut self.clients[who];
        client.step(&self.store[&client.room]);
    }

    fn read(&mut self, who: usize) -> bool {
        let client = &mut self.clients[who];
        client.read(&self.store[&client.room])
    }

    /// Nothing more happens, and no hints arrive any more. What they left out is found in the store.
    pub(super) fn come_to_rest(&mut self) {
        for _ in 0..ROUNDS {
            (0..ROOMS).for_each(|of| self.step(Step::Look(of)));
            self.mend();
            while !self.answers.is_empty() {
                self.fill(0);
            }
            (0..WORKERS).for_each(|which| self.take(which, usize::MAX));
            (0..CLIENTS).for_each(|who| self.go(who));
            (0..CLIENTS).for_each(|who| while self.read(who) {});
        }
    }

    /// Every listener knows everything, and no one who is not a member listens.
    pub(super) fn check(&self) {
        let mut listening = BTreeSet::new();
        for client in &self.clients {
            let log = &self.store[&client.room];
            client.check_all(log);
            if client.listens() {
                listening.insert(client.room);
            }
        }
        let mut heard = self.hub.rooms_with_listeners();
        heard.sort_unstable();
        assert_eq!(heard, Vec::from_iter(listening));
    }
}

fn take_one<T>(things: &mut Vec<T>, which: usize) -> Option<T> {
    (!things.is_empty()).then(|| things.swap_remove(which % things.len()))
}
