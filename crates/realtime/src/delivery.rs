//! How a worker delivers what it gets from the hub.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use domain::{Rev, RoomId, UserId};
use tokio::sync::mpsc::Receiver;

use crate::breakdown::survived;
use crate::connection::Connection;
use crate::event::Event;
use crate::frame::Frame;
use crate::item::Item;
use crate::seat::Phase;
use crate::shard::{Inbox, Shard};

/// How many items are taken at once: their frames for one connection leave in a single write.
const BATCH: usize = 512;
/// How many connections may write before others are read again.
const WRITERS: usize = 64;

impl Shard {
    /// Delivers what arrives from the hub, for as long as it is polled. What a panic interrupts, listeners
    /// catch up on from the store; whatever arrived after that is delivered.
    pub async fn run(self: Rc<Self>, Inbox(mut inbox): Inbox) {
        let mut items = VecDeque::with_capacity(BATCH);
        while survived("delivery", self.deliver(&mut inbox, &mut items))
            .await
            .is_none()
        {
            self.tables.borrow_mut().doubt_all();
        }
    }

    /// `items` were taken from the inbox before.
    async fn deliver(&self, inbox: &mut Receiver<Item>, items: &mut VecDeque<Item>) {
        let mut arrived = Vec::with_capacity(BATCH);
        loop {
            self.take(items);
            self.turns.call(WRITERS);
            // Lets the writers write before more is queued for them.
            tokio::task::yield_now().await;
            self.turns.finish();
            tokio::select! {
                biased;
                count = inbox.recv_many(&mut arrived, BATCH) => if count == 0 {
                    return;
                },
                () = self.outlet.overrun() => (),
                () = self.turns.wanted() => (),
            }
            items.extend(arrived.drain(..));
        }
    }

    /// Takes all items, one after the other: those behind one that panics are left.
    pub(crate) fn take(&self, items: &mut VecDeque<Item>) {
        while let Some(item) = items.pop_front() {
            match item {
                Item::Events(room, events) => self.tell_all(room, &together(room, &events, items)),
                Item::Whisper(..)
                | Item::Shown(..)
                | Item::Around(..)
                | Item::Person(..)
                | Item::Gone(..)
                | Item::CameInto(..)
                | Item::EndSessions(..)
                | Item::EndAll(..)
                | Item::Dissolve(..) => self.do_otherwise(item),
            }
        }
        if let Some(kept) = self.outlet.missed() {
            metrics::counter!("tertulia_realtime_overruns_total").increment(1);
            let mut tables = self.tables.borrow_mut();
            tables.doubt_all();
            tables.end_sessions(|session| kept.sessions.contains(&session));
            if let Some(why) = kept.ending {
                tables.end_all(why);
            }
        }
    }

    fn tell_all(&self, room: RoomId, events: &[Arc<Event>]) {
        self.tables.borrow_mut().remain(room, events);
        // A user who leaves by an event must not receive that event or any later one.
        for stretch in events.split_inclusive(|event| event.departed().is_some()) {
            let departed = stretch
                .last()
                .and_then(|last| Some((last.departed()?, last.rev())));
            if let Some((user, rev)) = departed {
                let (before, last) = stretch.split_at(stretch.len().saturating_sub(1));
                self.tables.borrow_mut().tell(room, before);
                self.send_away(room, user, rev);
                self.tables.borrow_mut().tell(room, last);
            } else {
                self.tables.borrow_mut().tell(room, stretch);
            }
        }
    }

    /// A user's membership of a room ended at a rev. One who has come back since then stays.
    fn send_away(&self, room: RoomId, user: UserId, rev: Rev) {
        let leaving = self.tables.borrow_mut().depart(room, user, rev);
        for connection in leaving {
            self.leave(&connection, room);
        }
    }

    fn do_otherwise(&self, item: Item) {
        let mut tables = self.tables.borrow_mut();
        match item {
            Item::Events(..) => (),
            Item::Whisper(room, whisper) => tables.whisper(room, &whisper),
            Item::Shown(room, frame) => tables.show(room, &frame),
            Item::Around(rooms, number, frame) => tables.whisper_around(&rooms, number, &frame),
            Item::Person(user, frame) => tables.tell_person(user, &frame),
            Item::Gone(user, room, frame) => {
                let people = tables.all_of(user);
                drop(tables);
                for connection in people {
                    self.tell_gone(&connection, room, &frame);
                }
            }
            Item::CameInto(user, room) => tables.come_into(user, room),
            Item::EndSessions(ended) => tables.end_sessions(|session| ended.contains(&session)),
            Item::EndAll(why) => tables.end_all(why),
            Item::Dissolve(room, frame) => {
                drop(tables);
                self.dissolve_all(room, &frame);
            }
        }
    }

    /// Tells a connection that a room was deleted, unless it is live there: then it must receive the
    /// room's last change first, and the deletion follows on that or on the next read of the room's
    /// head.
    fn tell_gone(&self, connection: &Rc<Connection>, room: RoomId, frame: &Frame) {
        let mut tables = self.tables.borrow_mut();
        let seat = tables.seat(connection, room);
        let is_live = seat.is_some_and(|seat| seat.phase == Phase::Live);
        drop(tables);
        if !is_live {
            self.dissolve(connection, room, frame);
        }
    }

    /// A deletion arrives by two routes. Each connection is told once.
    fn dissolve(&self, connection: &Rc<Connection>, room: RoomId, frame: &Frame) {
        if connection.learn_end_of(room) {
            connection.enqueue(frame);
        }
        self.leave(connection, room);
    }

    /// Removes all seats of a deleted room. A listener that is still being admitted learns of it from
    /// the answer to its request.
    fn dissolve_all(&self, room: RoomId, frame: &Frame) {
        let seats = self.tables.borrow().everybody(room);
        for (connection, is_taken) in seats {
            if is_taken {
                self.leave(&connection, room);
            } else {
                self.dissolve(&connection, room, frame);
            }
        }
    }
}

/// Events of a room, and those of the items that directly follow.
fn together(room: RoomId, events: &[Arc<Event>], items: &mut VecDeque<Item>) -> Vec<Arc<Event>> {
    let mut batch = events.to_vec();
    let follows = |item: &mut Item| matches!(item, Item::Events(of, _) if *of == room);
    while let Some(Item::Events(_, more)) = items.pop_front_if(follows) {
        batch.extend(more.iter().cloned());
    }
    batch
}
