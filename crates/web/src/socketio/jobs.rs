//! A client's jobs, run one after another.

use std::rc::Rc;

use application::Error;
use application::messages::{CursorKind, Reading, UpTo};
use domain::{RoomId, RoomKind, Seq};
use tracing::Instrument as _;

use super::answers::Reply;
use super::order::{Address, Letter, Order, Place};
use super::orders::{Outcome, carry_out, listen, listen_again, post};
use super::visitor::Visitor;
use crate::error::ApiError;
use crate::live::{self, InFlight, catch_up_again};
use crate::span;
use crate::tasks::{self, Task};

/// The name of this kind of socket in spans.
const DOOR: &str = "socketio";

/// A job that is done for a client, in its turn.
pub(super) enum Job {
    Order(Order, Reply),
    /// Listen to these rooms, which the client had before it connected.
    Listen(Vec<RoomId>),
    /// Listen to the direct ones of these rooms.
    ListenDirect(Vec<RoomId>),
    /// Listen to all direct rooms.
    ListenToAll,
    /// Bring the client up to date in these rooms.
    Resume(Vec<RoomId>),
    /// The user has stopped typing in these rooms.
    Silence(Vec<RoomId>),
    /// The client has received these messages.
    Delivered(Vec<(RoomId, Seq)>),
}

impl live::Job for Job {
    fn is_send(&self) -> bool {
        let Self::Order(Order::Send(letter), _) = self else {
            return false;
        };
        // If the room has to be looked up first, the message is posted by itself.
        matches!(letter.to, Address::Place(Place::Room(_)))
    }

    fn is_noticed(&self) -> bool {
        match self {
            // By joining, a user becomes a member.
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

/// Starts a job.
pub(super) fn start(visitor: &Rc<Visitor>, job: Job) -> Option<Task<()>> {
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
            let in_flight = InFlight::begin(&visitor.peer);
            let posting = async move {
                let posted = post(&visitor, room, letter, Some(&in_flight)).await;
                answer(reply, posted, &visitor);
            };
            tasks::spawn(posting.instrument(span::of_frame(DOOR, "send")));
            None
        }
        Job::Order(order, mut reply) => {
            let span = span::of_frame(DOOR, order.name());
            let carrying = async move {
                let outcome = carry_out(&visitor, order, &mut reply).await;
                answer(reply, outcome, &visitor);
            };
            Some(tasks::spawn(carrying.instrument(span)))
        }
        Job::Listen(rooms) => Some(tasks::spawn(
            async move { listen_again(&visitor, rooms).await },
        )),
        Job::ListenDirect(rooms) => {
            Some(tasks::spawn(
                async move { listen_direct(&visitor, rooms).await },
            ))
        }
        Job::ListenToAll => Some(tasks::spawn(async move { listen_to_all(&visitor).await })),
        Job::Resume(rooms) => Some(tasks::spawn(async move {
            catch_up_again(&visitor.peer, rooms).await;
        })),
        Job::Silence(rooms) => Some(tasks::spawn(
            async move { visitor.peer.silence(rooms).await },
        )),
        Job::Delivered(rooms) => Some(tasks::spawn(async move { deliver(&visitor, rooms).await })),
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

/// Listens to those rooms that a user has joined which are direct.
async fn listen_direct(visitor: &Visitor, rooms: Vec<RoomId>) {
    let peer = &visitor.peer;
    for room in rooms {
        if !visitor.speaks_direct() {
            return;
        }
        let feed = &peer.worker.sockets.use_cases.feed;
        match feed.room_for(peer.caller().user, room).await {
            Ok(Some(view)) if matches!(view.room.kind, RoomKind::Direct(_)) => {
                listen(visitor, room).await;
            }
            Ok(_) => (),
            Err(failure) => {
                visitor.unheard.add(room);
                tracing::warn!(error = %failure.chain(), "could not look up a new room; retrying soon");
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
                listen(visitor, view.room.id).await;
            }
        }
        Err(error) => {
            let error = ApiError::from(error);
            peer.log(&error);
            if error.is_passing() {
                visitor.unheard.add_all();
            }
        }
    }
}

/// Moves the delivered cursors up to messages that the client has received.
async fn deliver(visitor: &Visitor, rooms: Vec<(RoomId, Seq)>) {
    let peer = &visitor.peer;
    let move_cursors = &peer.worker.sockets.use_cases.move_cursors;
    for (room, seq) in rooms {
        let reading = Reading {
            kind: CursorKind::Delivered,
            up_to: UpTo::Seq(seq),
        };
        // A refusal does not matter: the user may not do this, or has left.
        if let Err(error @ Error::Failed(_)) = move_cursors.run(&peer.caller(), room, reading).await
        {
            peer.log(&error.into());
        }
    }
}
