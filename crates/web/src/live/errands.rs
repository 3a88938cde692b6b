//! Announcements that need a read of the store first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use application::live::Progress;
use application::{ChangeView, MessageView, UseCases, survived};
use bytes::Bytes;
use domain::port::bus::MessageChange;
use domain::{Cursors, Failure, RoomId, Seq, User, UserId};
use futures::future::join_all;
use realtime::{Dialect, Frame, Hub, Whisper};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::joining::LOOKS;
use super::removals::Removals;
use super::{told, wire};
use crate::socketio::vocabulary::{self, News, SHOWN_NEWEST, TOLD_STATUS};
use crate::translate::{self, Links};

/// How many may be queued.
const MOST: usize = 4096;
/// How many are run at once.
const AT_ONCE: usize = 8;
/// For how many members the last announced cursors are remembered.
const MOST_CURSORS: usize = 16_384;

/// Something that clients are to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// A user has joined a room, and is to see it.
    Added { user: UserId, room: RoomId },
    /// A member's cursors moved, and clients are to learn what that means for messages.
    Receipt {
        room: RoomId,
        user: UserId,
        cursors: Cursors,
    },
    /// Messages changed, and clients are to see the newest messages.
    Newest(RoomId),
    /// A user has started or stopped listening to a room.
    Visit {
        room: RoomId,
        user: UserId,
        on: bool,
    },
}

impl Errand {
    /// What it is about. Errands about the same are run in order: of two receipts of a member, the last
    /// holds.
    const fn subject(&self) -> (RoomId, Option<UserId>) {
        match self {
            Self::Added { room, user }
            | Self::Receipt { room, user, .. }
            | Self::Visit { room, user, .. } => (*room, Some(*user)),
            Self::Newest(room) => (*room, None),
        }
    }

    /// Whether it is of little use later, and there may be very many of its kind.
    const fn is_fleeting(&self) -> bool {
        match self {
            Self::Receipt { .. } | Self::Visit { .. } => true,
            Self::Added { .. } | Self::Newest(_) => false,
        }
    }
}

/// Queues errands. When the queue is full the rest are dropped, receipts and visits when it is half full:
/// clients get the current state when they next ask.
#[derive(Clone)]
pub(super) struct Errands(mpsc::Sender<Errand>);

/// Runs errands.
pub(super) struct ToDo {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    links: Arc<Links>,
    removals: Removals,
    waiting: mpsc::Receiver<Errand>,
    /// The cursors that were last sent to clients.
    cursors: HashMap<(RoomId, UserId), Cursors>,
}

impl Errands {
    pub(super) fn new(
        hub: &Arc<Hub>,
        use_cases: &Arc<UseCases>,
        links: Links,
        removals: Removals,
    ) -> (Self, ToDo) {
        let (sender, waiting) = mpsc::channel(MOST);
        let to_do = ToDo {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            links: Arc::new(links),
            removals,
            waiting,
            cursors: HashMap::new(),
        };
        (Self(sender), to_do)
    }

    /// Resends the newest messages if one of them changed, to the clients whose vocabulary shows them.
    pub(super) fn show_newest(&self, hub: &Hub, room: RoomId, views: &[ChangeView]) {
        let changed = |view: &ChangeView| view.seq().is_some() && !view.is_post();
        if views.iter().any(changed) && hub.has_listeners_using(room, SHOWN_NEWEST) {
            self.send(Errand::Newest(room));
        }
    }

    /// Posting a message implies having read everything before it.
    pub(super) fn show_read(&self, hub: &Hub, room: RoomId, views: &[ChangeView]) {
        if !hub.has_listeners_using(room, TOLD_STATUS) {
            return;
        }
        for view in views {
            if let ChangeView::Message(view, MessageChange::Created) = view {
                let (user, seq) = (view.message.sender, view.message.seq);
                let cursors = Cursors {
                    read: seq,
                    delivered: seq,
                };
                self.send(Errand::Receipt {
                    room,
                    user,
                    cursors,
                });
            }
        }
    }

    pub(super) fn send(&self, errand: Errand) {
        let is_crowded = self.0.capacity() <= MOST / 2;
        let dropped = if is_crowded && errand.is_fleeting() {
            Some(errand)
        } else {
            self.0.try_send(errand).err().map(TrySendError::into_inner)
        };
        if let Some(errand) = dropped {
            tracing::warn!(
                ?errand,
                "the errand queue is full; clients were not told of a change"
            );
        }
    }
}

impl ToDo {
    /// Runs forever. Errands that a panic interrupts are dropped, like those for which there is no room.
    pub(super) async fn run(mut self) {
        while survived("errands", self.run_next()).await != Some(0) {}
    }

    /// Runs the next errands and returns how many; 0 once no more can come.
    async fn run_next(&mut self) -> usize {
        let mut batch = Vec::with_capacity(AT_ONCE);
        let count = self.waiting.recv_many(&mut batch, AT_ONCE).await;
        // Showing the newest messages once per batch is enough.
        let mut shown = HashSet::new();
        batch.retain(|errand| match errand {
            Errand::Newest(room) => shown.insert(*room),
            Errand::Added { .. } | Errand::Receipt { .. } | Errand::Visit { .. } => true,
        });
        let mut by_subject: HashMap<_, Vec<_>> = HashMap::new();
        for errand in batch {
            let errands = by_subject.entry(errand.subject()).or_default();
            errands.push(self.look_back(errand));
        }
        let told = by_subject
            .into_values()
            .map(|errands| self.tell_in_order(errands));
        join_all(told).await;
        count
    }

    async fn tell_in_order(&self, errands: Vec<(Errand, Option<Cursors>)>) {
        for (errand, before) in errands {
            self.tell(errand, before).await;
        }
    }

    /// Replaces the remembered cursors by those of a receipt, and returns them.
    fn look_back(&mut self, errand: Errand) -> (Errand, Option<Cursors>) {
        let Errand::Receipt {
            room,
            user,
            cursors,
        } = errand
        else {
            return (errand, None);
        };
        if self.cursors.len() >= MOST_CURSORS {
            self.cursors.clear();
        }
        let before = self.cursors.insert((room, user), cursors);
        (errand, before)
    }

    async fn tell(&self, errand: Errand, before: Option<Cursors>) {
        let told = match errand {
            Errand::Added { user, room } => self.tell_added(user, room).await,
            Errand::Receipt {
                room,
                user,
                cursors,
            } => self.tell_receipt(room, user, cursors, before).await,
            Errand::Newest(room) => self.tell_newest(room).await,
            Errand::Visit { room, user, on } => self.tell_visit(room, user, on).await,
        };
        if let Err(failure) = told {
            tracing::warn!(error = %failure.chain(), "an errand failed; clients were not told of a change");
        }
    }

    async fn tell_added(&self, user: UserId, room: RoomId) -> Result<(), Failure> {
        let addition = self.removals.look_up_addition(room, user);
        let shown = self.use_cases.feed.room_for(user, room).await;
        if let Ok(Some(view)) = &shown {
            let (links, seen) = (Arc::clone(&self.links), view.clone());
            let native = wire::text(&translate::room_added(view.clone(), &links));
            let frame = wire::either(
                move || native.clone(),
                move |dialect| vocabulary::say(dialect, &News::RoomAdded(&seen, &links)),
            );
            addition.tell(|| self.hub.tell(user, &frame));
        }
        // Unless they have left again. Connections that want to know look it up by themselves.
        if !matches!(shown, Ok(None)) {
            self.hub.come_into(user, room);
        }
        shown.map(drop)
    }

    async fn tell_receipt(
        &self,
        room: RoomId,
        user: UserId,
        cursors: Cursors,
        before: Option<Cursors>,
    ) -> Result<(), Failure> {
        let retell = &self.use_cases.retell;
        let Progress { up_to, reached } = retell.progress(room, user, cursors, before).await?;
        if let Some((message, reach)) = up_to {
            let status = translate::message_status(reach);
            self.say(room, None, move |dialect| {
                let news = News::Receipt {
                    room,
                    user,
                    cursors,
                    message,
                    status,
                };
                vocabulary::say(dialect, &news)
            });
        }
        for (message, reach) in reached {
            let status = translate::message_status(reach);
            self.say(room, None, move |dialect| {
                let news = News::Status {
                    room,
                    message,
                    status,
                };
                vocabulary::say(dialect, &news)
            });
        }
        Ok(())
    }

    async fn tell_newest(&self, room: RoomId) -> Result<(), Failure> {
        for look in 1..=LOOKS {
            let before = self.hub.position(room);
            let frame = showing(self.use_cases.retell.newest(room).await?);
            // An older state must not follow a newer one, unless the room never rests.
            let at = if look < LOOKS {
                before
            } else {
                self.hub.position(room)
            };
            if self.hub.show(room, at, &frame) {
                break;
            }
        }
        Ok(())
    }

    async fn tell_visit(&self, room: RoomId, user: UserId, on: bool) -> Result<(), Failure> {
        let Some(person) = self.use_cases.retell.person(user).await? else {
            return Ok(());
        };
        // Some vocabularies tell visitors about themselves as well.
        self.say(room, Some(user), visit(room, &person, on, false));
        self.say(room, None, visit(room, &person, on, true));
        Ok(())
    }

    /// Whispers to the Socket.IO listeners of a room.
    fn say(
        &self,
        room: RoomId,
        except: Option<UserId>,
        write: impl Fn(Dialect) -> Bytes + Send + Sync + 'static,
    ) {
        let whisper = Whisper {
            except,
            receipt_of: None,
            frame: Frame::new(write),
        };
        self.hub.whisper(room, whisper);
    }
}

/// Shows the newest messages of a room, to each listener those that they may read.
fn showing(newest: Vec<MessageView>) -> Frame {
    let first = newest.first().map_or(Seq::MAX, |view| view.message.seq);
    Frame::reaching(first, move |dialect, floor: Seq| {
        told::newest(dialect, &newest, floor)
    })
}

/// Says that a user has started or stopped listening to a room, either in the vocabularies that tell
/// visitors about themselves, or in the others.
fn visit(
    room: RoomId,
    person: &Arc<User>,
    on: bool,
    to_themselves: bool,
) -> impl Fn(Dialect) -> Bytes + Send + Sync + 'static {
    let person = Arc::clone(person);
    move |dialect| {
        if vocabulary::tells_of_oneself(dialect) != to_themselves {
            return Bytes::new();
        }
        let user = &person;
        vocabulary::say(dialect, &News::Visit { room, user, on })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn receipts_and_visits_leave_room_for_the_rest() {
        let (sender, waiting) = mpsc::channel(MOST);
        let errands = Errands(sender);
        let room = RoomId::from_uuid(Uuid::from_u128(1));
        let user = UserId::from_uuid(Uuid::from_u128(2));
        for _ in 0..MOST {
            let on = true;
            errands.send(Errand::Visit { room, user, on });
        }
        assert_eq!(waiting.len(), MOST / 2);
        for _ in 0..MOST {
            errands.send(Errand::Added { user, room });
        }
        assert_eq!(waiting.len(), MOST);
    }
}
