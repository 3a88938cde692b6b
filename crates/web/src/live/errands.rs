//! What takes a look at the store before anybody can be told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use application::live::Progress;
use application::{ChangeView, UseCases};
use bytes::Bytes;
use domain::port::bus::MessageChange;
use domain::{Cursors, Failure, RoomId, Seq, User, UserId};
use futures::future::join_all;
use realtime::{Dialect, Frame, Hub, Whisper};
use tokio::sync::mpsc;

use super::{told, wire};
use crate::socketio::vocabulary::{self, News, SHOWN_NEWEST, TOLD_STATUS};
use crate::translate::{self, Links};

/// How many may wait.
const MOST: usize = 4096;
/// How many are run at once.
const AT_ONCE: usize = 8;
/// Of how many members it is remembered where their cursors stood.
const MOST_CURSORS: usize = 16_384;

/// Something of which people are to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// Somebody belongs to a room from now on, and is to see it.
    Added { user: UserId, room: RoomId },
    /// A member's cursors moved, and clients are to hear what that means for messages.
    Receipt {
        room: RoomId,
        user: UserId,
        cursors: Cursors,
    },
    /// Messages changed, and clients are to see the newest ones.
    Newest(RoomId),
    /// Somebody listens to a room from now on, or does not any more.
    Visit {
        room: RoomId,
        user: UserId,
        on: bool,
    },
}

/// Takes errands in. When there are too many the rest is dropped: clients see how things stand when they
/// next ask.
#[derive(Clone)]
pub(super) struct Errands(mpsc::Sender<Errand>);

/// Runs them.
pub(super) struct ToDo {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    links: Arc<Links>,
    waiting: mpsc::Receiver<Errand>,
    /// Where cursors stood of which clients were told.
    cursors: HashMap<(RoomId, UserId), Cursors>,
}

impl Errands {
    pub(super) fn new(hub: &Arc<Hub>, use_cases: &Arc<UseCases>, links: Links) -> (Self, ToDo) {
        let (sender, waiting) = mpsc::channel(MOST);
        let to_do = ToDo {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            links: Arc::new(links),
            waiting,
            cursors: HashMap::new(),
        };
        (Self(sender), to_do)
    }

    /// Those who are shown the newest messages are to see that some of these changed.
    pub(super) fn show_newest(&self, hub: &Hub, room: RoomId, views: &[ChangeView]) {
        let changed = |view: &ChangeView| view.seq().is_some() && !view.is_post();
        if views.iter().any(changed) && hub.is_heard_in(room, SHOWN_NEWEST) {
            self.send(Errand::Newest(room));
        }
    }

    /// Whoever posts a message has read what was posted before.
    pub(super) fn show_read(&self, hub: &Hub, room: RoomId, views: &[ChangeView]) {
        if !hub.is_heard_in(room, TOLD_STATUS) {
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
        if let Err(dropped) = self.0.try_send(errand) {
            tracing::warn!(errand = ?dropped.into_inner(), "people were not told of something");
        }
    }
}

impl ToDo {
    /// Goes on for ever.
    pub(super) async fn run(mut self) {
        let mut batch = Vec::with_capacity(AT_ONCE);
        while self.waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
            // To see the newest once is enough.
            let mut shown = HashSet::new();
            batch.retain(|errand| match errand {
                Errand::Newest(room) => shown.insert(*room),
                Errand::Added { .. } | Errand::Receipt { .. } | Errand::Visit { .. } => true,
            });
            let batch: Vec<_> = batch
                .drain(..)
                .map(|errand| self.look_back(errand))
                .collect();
            let told = batch
                .into_iter()
                .map(|(errand, before)| self.tell(errand, before));
            join_all(told).await;
        }
    }

    /// Where the cursors stood of which a receipt is.
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
            } => self.tell_receipt(room, user, (cursors, before)).await,
            Errand::Newest(room) => self.tell_newest(room).await,
            Errand::Visit { room, user, on } => self.tell_visit(room, user, on).await,
        };
        if let Err(failure) = told {
            tracing::warn!(error = %failure.chain(), "people were not told of something");
        }
    }

    async fn tell_added(&self, user: UserId, room: RoomId) -> Result<(), Failure> {
        // Unless they have left again.
        if let Some(view) = self.use_cases.feed.room_for(user, room).await? {
            let (links, seen) = (Arc::clone(&self.links), view.clone());
            let native = wire::text(&translate::room_added(view, &links));
            let frame = wire::either(
                move || native.clone(),
                move |dialect| vocabulary::say(dialect, &News::RoomAdded(&seen, &links)),
            );
            self.hub.tell(user, &frame);
            self.hub.come_into(user, room);
        }
        Ok(())
    }

    async fn tell_receipt(
        &self,
        room: RoomId,
        user: UserId,
        (cursors, before): (Cursors, Option<Cursors>),
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
        let newest = self.use_cases.retell.newest(room).await?;
        let Some(first) = newest.first().map(|view| view.message.seq) else {
            return Ok(());
        };
        let frame = Frame::reaching(first, move |dialect, floor: Seq| {
            told::newest(dialect, &newest, floor)
        });
        let whisper = Whisper {
            except: None,
            receipt_of: None,
            frame,
        };
        self.hub.whisper(room, whisper);
        Ok(())
    }

    async fn tell_visit(&self, room: RoomId, user: UserId, on: bool) -> Result<(), Failure> {
        let Some(person) = self.use_cases.retell.person(user).await? else {
            return Ok(());
        };
        // Some vocabularies tell visitors of themselves as well.
        self.say(room, Some(user), visit(room, &person, on, false));
        self.say(room, None, visit(room, &person, on, true));
        Ok(())
    }

    /// Tells those in a room who speak a vocabulary of Socket.IO.
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

/// Says that somebody listens to a room, or does not any more, in the vocabularies that tell visitors of
/// themselves, or in the others.
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
