//! What is done for a client, one thing after another.

use std::rc::Rc;

use actix_web::rt;
use actix_web::rt::task::JoinHandle;
use application::Error;
use application::messages::{CursorKind, Reading, UpTo};
use domain::{RoomId, RoomKind, Seq};
use tracing::Instrument as _;

use super::answers::Reply;
use super::order::{Address, Letter, Order, Place};
use super::orders::{Outcome, carry_out, listen, listen_again, post};
use super::visitor::Visitor;
use crate::live::{self, Send, catch_up_again};
use crate::span;

/// What spans call it.
const DOOR: &str = "socketio";

/// What is done for a client, one after another.
pub(super) enum Job {
    Order(Order, Reply),
    /// Listen to these rooms, which the client had before.
    Listen(Vec<RoomId>),
    /// Listen to those of these that are direct.
    ListenDirect(Vec<RoomId>),
    /// Listen to all direct rooms.
    ListenToAll,
    /// Bring it up to where these rooms are.
    Resume(Vec<RoomId>),
    /// It writes no more in these rooms.
    Silence(Vec<RoomId>),
    /// It has these messages.
    Delivered(Vec<(RoomId, Seq)>),
}

impl live::Job for Job {
    fn is_send(&self) -> bool {
        let Self::Order(Order::Send(letter), _) = self else {
            return false;
        };
        // Where the room has to be found out first, the message goes by itself.
        matches!(letter.to, Address::Place(Place::Room(_)))
    }

    fn is_noticed(&self) -> bool {
        match self {
            // Whoever joins a room belongs to it from then on.
            Self::Order(
                Order::Join { .. } | Order::Send(_) | Order::Mark { .. } | Order::Delete { .. },
                _,
            )
            | Self::Delivered(_) => true,
            Self::Order(
                Order::Authenticate(_) | Order::Leave(_) | Order::Typing { .. } | Order::Members(_),
                _,
            )
            | Self::Listen(_)
            | Self::ListenDirect(_)
            | Self::ListenToAll
            | Self::Resume(_)
            | Self::Silence(_) => false,
        }
    }
}

/// Begins a job.
pub(super) fn start(visitor: &Rc<Visitor>, job: Job) -> Option<JoinHandle<()>> {
    let visitor = Rc::clone(visitor);
    match job {
        Job::Order(
            Order::Send(
                letter @ Letter {
                    to: Address::Place(Place::Room(room)),
                    ..
                },
            ),
            reply,
        ) => {
            let send = Send::begin(&visitor.peer);
            let posting = async move {
                let posted = post(&visitor, room, letter, Some(&send)).await;
                answer(reply, posted, &visitor);
            };
            rt::spawn(posting.instrument(span::of_frame(DOOR, "send")));
            None
        }
        Job::Order(order, reply) => {
            let span = span::of_frame(DOOR, order.name());
            let carrying = async move {
                answer(reply, carry_out(&visitor, order).await, &visitor);
            };
            Some(rt::spawn(carrying.instrument(span)))
        }
        Job::Listen(rooms) => Some(rt::spawn(
            async move { listen_again(&visitor, rooms).await },
        )),
        Job::ListenDirect(rooms) => Some(rt::spawn(
            async move { listen_direct(&visitor, rooms).await },
        )),
        Job::ListenToAll => Some(rt::spawn(async move { listen_to_all(&visitor).await })),
        Job::Resume(rooms) => Some(rt::spawn(async move {
            catch_up_again(&visitor.peer, rooms).await;
        })),
        Job::Silence(rooms) => Some(rt::spawn(async move { visitor.peer.silence(rooms).await })),
        Job::Delivered(rooms) => Some(rt::spawn(async move { deliver(&visitor, rooms).await })),
    }
}

fn answer(reply: Reply, outcome: Outcome, visitor: &Visitor) {
    match outcome {
        Ok(fields) => reply.done(fields),
        Err(error) => {
            visitor.peer.log(&error);
            reply.refused(&error);
        }
    }
}

/// Listens to rooms that somebody came into, if they are direct.
async fn listen_direct(visitor: &Visitor, rooms: Vec<RoomId>) {
    let peer = &visitor.peer;
    for room in rooms {
        let feed = &peer.worker.sockets.use_cases.feed;
        match feed.room_for(peer.caller().user, room).await {
            Ok(Some(view)) if matches!(view.room.kind, RoomKind::Direct(_)) => {
                if !peer.worker.shard.sits(&peer.connection, room) {
                    listen(visitor, room).await;
                }
            }
            Ok(_) => (),
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "a new room is not listened to");
            }
        }
    }
}

/// Listens to all direct rooms.
async fn listen_to_all(visitor: &Visitor) {
    let peer = &visitor.peer;
    let my_rooms = &peer.worker.sockets.use_cases.my_rooms;
    match my_rooms.run(&peer.caller()).await {
        Ok(rooms) => {
            let direct = rooms
                .into_iter()
                .filter(|view| matches!(view.room.kind, RoomKind::Direct(_)));
            for view in direct {
                if !peer.worker.shard.sits(&peer.connection, view.room.id) {
                    listen(visitor, view.room.id).await;
                }
            }
        }
        Err(error) => peer.log(&error.into()),
    }
}

/// The client has these messages.
async fn deliver(visitor: &Visitor, rooms: Vec<(RoomId, Seq)>) {
    let peer = &visitor.peer;
    let move_cursors = &peer.worker.sockets.use_cases.move_cursors;
    for (room, seq) in rooms {
        let reading = Reading {
            kind: CursorKind::Delivered,
            up_to: UpTo::Seq(seq),
        };
        // Whoever may not say so, or has left, does not have to.
        if let Err(error @ Error::Failed(_)) = move_cursors.run(&peer.caller(), room, reading).await
        {
            peer.log(&error.into());
        }
    }
}
