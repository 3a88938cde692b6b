//! Notifying users of messages that concern them.

use std::sync::Arc;

use domain::port::bus::{Notice, NotificationKind};
use domain::port::{Clock, Members};
use domain::{Failure, Message, Room, RoomKind, UserId};

use crate::Ports;
use crate::announce::Announcer;

/// Notifies the users whom a new message concerns, on all of their connections.
pub(super) struct Notifier {
    members: Arc<dyn Members>,
    clock: Arc<dyn Clock>,
    announcer: Announcer,
}

impl Notifier {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            clock: Arc::clone(&ports.clock),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Notifies them, including the author of the message it replies to. The message is already stored,
    /// so a failure here is only logged.
    pub(super) async fn tell_of(&self, room: &Room, message: &Message, answered: Option<UserId>) {
        let concerned = concerned(room, message, answered);
        if let Err(failure) = self.tell(room, message, concerned).await {
            tracing::warn!(error = %failure.chain(), "could not notify users of a message");
        }
    }

    async fn tell(
        &self,
        room: &Room,
        message: &Message,
        concerned: Vec<(UserId, NotificationKind)>,
    ) -> Result<(), Failure> {
        if concerned.is_empty() {
            return Ok(());
        }
        let users: Vec<UserId> = concerned.iter().map(|(user, _)| *user).collect();
        let members = self.members.find(room.id, &users).await?;
        let now = self.clock.now();
        let listening = |user: UserId| {
            let mut members = members.iter();
            members.any(|m| m.user == user && !m.notifications.muted_at(now))
        };
        for (user, kind) in concerned {
            if listening(user) {
                let notice = Notice::Notification {
                    user,
                    room: room.id,
                    message: message.id,
                    kind,
                };
                self.announcer.tell(notice).await;
            }
        }
        Ok(())
    }
}

/// Whom a message concerns, each once, with the strongest reason.
fn concerned(
    room: &Room,
    message: &Message,
    answered: Option<UserId>,
) -> Vec<(UserId, NotificationKind)> {
    let partner = match room.kind {
        RoomKind::Direct(pair) => Some(pair.other(message.sender)),
        RoomKind::Public | RoomKind::Private => None,
    };
    let mentioned = message.mentions.iter().copied();
    let reasons = mentioned
        .map(|user| (user, NotificationKind::Mention))
        .chain(partner.map(|user| (user, NotificationKind::Direct)))
        .chain(answered.map(|user| (user, NotificationKind::Reply)));

    let mut concerned: Vec<(UserId, NotificationKind)> = Vec::new();
    for (user, kind) in reasons {
        let known = user == message.sender || concerned.iter().any(|(told, _)| *told == user);
        if !known {
            concerned.push((user, kind));
        }
    }
    concerned
}
