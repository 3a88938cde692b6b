//! Passes on what is announced on the bus to the hub.

use std::sync::Arc;
use std::time::Duration;

use application::{ChangeView, UseCases};
use domain::port::bus::{AccessChange, Heard, Notice, Notices, Removal, RoomChange};
use domain::port::{Bus, Clock};
use domain::{Cursors, RoomId, Timestamp, UserId};
use futures::StreamExt as _;
use realtime::{Hub, Whisper};

use super::errands::{Errand, Errands};
use super::removals::Removals;
use super::{told, wire};
use crate::socketio::vocabulary::{self, FOREIGN, News};
use crate::translate;

/// How many notices are taken at once.
const BATCH: usize = 256;
/// When to listen again after the bus failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Passes on what is announced on the bus to the hub.
pub(super) struct Feed {
    hub: Arc<Hub>,
    use_cases: Arc<UseCases>,
    clock: Arc<dyn Clock>,
    errands: Errands,
    removals: Removals,
}

impl Feed {
    pub(super) fn new(
        hub: &Arc<Hub>,
        use_cases: &Arc<UseCases>,
        clock: &Arc<dyn Clock>,
        errands: Errands,
        removals: Removals,
    ) -> Self {
        Self {
            hub: Arc::clone(hub),
            use_cases: Arc::clone(use_cases),
            clock: Arc::clone(clock),
            errands,
            removals,
        }
    }

    /// Listens forever.
    pub(super) async fn listen(&self, bus: &dyn Bus) -> ! {
        loop {
            match bus.listen().await {
                Ok(notices) => self.follow(notices).await,
                Err(failure) => {
                    tracing::warn!(error = %failure.chain(), "could not listen to the bus; will retry");
                }
            }
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }

    /// Listens until the bus fails. What was announced before did not reach this node.
    async fn follow(&self, notices: Notices) {
        self.hub.doubt();
        let mut notices = notices.ready_chunks(BATCH);
        while let Some(batch) = notices.next().await {
            self.take(batch).await;
        }
    }

    /// Takes notices in their order, except that changes of rooms are presented together, and membership
    /// changes come last: a user who loses a room first receives its events up to then.
    async fn take(&self, batch: Vec<Heard>) {
        let (mut changes, mut access) = (Vec::new(), Vec::new());
        for heard in batch {
            let Heard::Notice(notice) = heard else {
                self.hub.doubt();
                continue;
            };
            match &*notice {
                // Most rooms have no listeners here.
                Notice::Changed { room, .. } if !self.hub.knows(*room) => (),
                Notice::Changed { room, changes: of } => changes.push((*room, of.clone())),
                Notice::Receipt { .. }
                | Notice::Typing { .. }
                | Notice::Visit { .. }
                | Notice::Presence { .. }
                | Notice::Notification { .. }
                | Notice::Media(_)
                | Notice::SessionsEnded(_) => self.pass_on(&notice),
                Notice::AccessChanged { .. } => access.push(notice),
            }
        }
        self.offer(changes).await;
        for notice in access {
            self.pass_on(&notice);
        }
    }

    async fn offer(&self, changes: Vec<(RoomId, Vec<RoomChange>)>) {
        if changes.is_empty() {
            return;
        }
        match self.use_cases.feed.present_many(changes).await {
            Ok(shown) => {
                for (room, views) in shown {
                    self.tell(room, views);
                }
            }
            Err(failure) => {
                tracing::warn!(error = %failure.chain(), "could not present room changes; they will be read from the store");
                self.hub.doubt();
            }
        }
    }

    fn tell(&self, room: RoomId, views: Vec<ChangeView>) {
        let gone = |view: &ChangeView| matches!(view, ChangeView::RoomDeleted(_));
        let ends = views.iter().any(gone);
        self.errands.show_newest(&self.hub, room, &views);
        self.errands.show_read(&self.hub, room, &views);
        self.hub.offer(room, told::changes(room, views));
        if ends {
            let frame = wire::native(&translate::room_removed(room, Removal::Deleted));
            self.hub.dissolve(room, &frame);
        }
    }

    fn pass_on(&self, notice: &Notice) {
        match notice {
            // Handled by `take`.
            Notice::Changed { .. } => (),
            Notice::Receipt {
                room,
                user,
                cursors,
            } => self.tell_receipt(*room, *user, *cursors),
            Notice::Typing { room, user, on } => self.tell_typing(*room, *user, *on),
            Notice::Visit { room, user, on } => {
                let errand = Errand::Visit {
                    room: *room,
                    user: *user,
                    on: *on,
                };
                self.send_for_others(*room, errand);
            }
            Notice::Presence {
                user,
                last_seen,
                online,
                rooms,
            } => self.tell_presence(*user, *online, *last_seen, rooms),
            Notice::AccessChanged { room, user, change } => match change {
                AccessChange::Added if self.hub.is_here(*user) => {
                    self.errands.send(Errand::Added {
                        user: *user,
                        room: *room,
                    });
                }
                AccessChange::Removed(why) => {
                    self.removals.told(*room, *user);
                    let frame = wire::native(&translate::room_removed(*room, *why));
                    match why {
                        Removal::Deleted => self.hub.tell_gone(*user, *room, &frame),
                        Removal::Left | Removal::Kicked | Removal::Banned => {
                            self.hub.tell(*user, &frame);
                        }
                    }
                }
                AccessChange::Added | AccessChange::Changed => (),
            },
            Notice::Notification {
                user,
                room,
                message,
                kind,
            } => {
                let frame = wire::native(&translate::notification(*room, *message, *kind));
                self.hub.tell(*user, &frame);
            }
            Notice::Media(media) => {
                let frame = wire::native(&translate::media_told(media));
                self.hub.tell(media.owner, &frame);
            }
            Notice::SessionsEnded(sessions) => self.hub.end_sessions(sessions),
        }
    }

    fn tell_receipt(&self, room: RoomId, user: UserId, cursors: Cursors) {
        let whisper = Whisper {
            except: None,
            receipt_of: Some(user),
            frame: wire::native(&translate::receipt(room, user, cursors)),
        };
        self.hub.whisper(room, whisper);
        let errand = Errand::Receipt {
            room,
            user,
            cursors,
        };
        self.send_for_others(room, errand);
    }

    /// Queues an errand for Socket.IO listeners of a room, if there are any.
    fn send_for_others(&self, room: RoomId, errand: Errand) {
        if self.hub.has_listeners_using(room, FOREIGN) {
            self.errands.send(errand);
        }
    }

    fn tell_typing(&self, room: RoomId, user: UserId, on: bool) {
        let native = move || wire::text(&translate::typing(room, user, on));
        let foreign = move |dialect| vocabulary::say(dialect, &News::Typing { room, user, on });
        let whisper = Whisper {
            except: Some(user),
            receipt_of: None,
            frame: wire::either(native, foreign),
        };
        self.hub.whisper(room, whisper);
    }

    fn tell_presence(
        &self,
        user: UserId,
        online: bool,
        last_seen: Option<Timestamp>,
        rooms: &[RoomId],
    ) {
        let at = last_seen.unwrap_or_else(|| self.clock.now());
        let native = move || wire::text(&translate::presence(user, online, last_seen));
        let foreign = move |dialect| {
            let news = News::Presence {
                user,
                online,
                at,
                last_seen,
            };
            vocabulary::say(dialect, &news)
        };
        let frame = wire::either(native, foreign);
        self.hub.whisper_around(rooms.to_vec(), &frame);
    }
}
