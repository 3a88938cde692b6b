//! Whom to notify of a message.

use std::sync::Arc;

use domain::port::notifier::Reason;
use domain::port::{Blocks, Clock, Members, Messages, Presence};
use domain::{Failure, Membership, Message, Room, RoomKind, UserId};

use crate::Ports;

/// In larger rooms only users that a message is addressed to are notified: members of a room of
/// thousands visit it of their own accord.
const MOST_MEMBERS: i64 = 500;
/// How many memberships are read at once.
const PAGE: usize = 500;

/// Finds the users to notify of a message.
pub(super) struct Concerned {
    members: Arc<dyn Members>,
    messages: Arc<dyn Messages>,
    blocks: Arc<dyn Blocks>,
    presence: Arc<dyn Presence>,
    clock: Arc<dyn Clock>,
}

impl Concerned {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            members: Arc::clone(&ports.members),
            messages: Arc::clone(&ports.messages),
            blocks: Arc::clone(&ports.blocks),
            presence: Arc::clone(&ports.presence),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// The members who may read the message, have not received it, want notifications and are not
    /// connected; those it is addressed to come first.
    pub(super) async fn of(
        &self,
        room: &Room,
        message: &Message,
    ) -> Result<Vec<(Membership, Reason)>, Failure> {
        let reasons = self.reasons(room, message).await?;
        let members = if room.member_count <= MOST_MEMBERS {
            self.members.page(room.id, None, PAGE).await?
        } else {
            let users: Vec<UserId> = reasons.iter().map(|(user, _)| *user).collect();
            self.members.find(room.id, &users).await?
        };
        let now = self.clock.now();
        let lacks = |member: &Membership| {
            member.user != message.sender
                && member.from_seq < message.seq
                && member.cursors.delivered < message.seq
                && !member.notifications.muted_at(now)
        };
        let away = self
            .away(members.into_iter().filter(lacks).collect())
            .await?;
        let mut concerned: Vec<(Membership, Reason)> = away
            .into_iter()
            .map(|member| {
                let reason = reasons.iter().find(|(user, _)| *user == member.user);
                (
                    reason.map_or(Reason::Message, |(_, reason)| *reason),
                    member,
                )
            })
            .map(|(reason, member)| (member, reason))
            .collect();
        concerned.sort_by_key(|(_, reason)| *reason);
        Ok(concerned)
    }

    /// Whether a user blocks the sender.
    pub(super) async fn blocks(&self, user: UserId, sender: UserId) -> Result<bool, Failure> {
        self.blocks.is_blocked(user, sender).await
    }

    async fn away(&self, members: Vec<Membership>) -> Result<Vec<Membership>, Failure> {
        let users: Vec<UserId> = members.iter().map(|member| member.user).collect();
        if users.is_empty() {
            return Ok(members);
        }
        let online = self.presence.online(&users, self.clock.now()).await?;
        let away = |member: &Membership| !online.contains(&member.user);
        Ok(members.into_iter().filter(away).collect())
    }

    /// Whom the message is addressed to, by reason, the strongest first.
    async fn reasons(
        &self,
        room: &Room,
        message: &Message,
    ) -> Result<Vec<(UserId, Reason)>, Failure> {
        let mentioned = message.mentions.iter().copied();
        let mut reasons: Vec<(UserId, Reason)> =
            mentioned.map(|user| (user, Reason::Mention)).collect();
        if let RoomKind::Direct(pair) = room.kind {
            reasons.push((pair.other(message.sender), Reason::Direct));
        }
        if let Some(answered) = message.reply_to {
            let found = self.messages.find(&[answered], message.sender).await?;
            reasons.extend(found.first().map(|it| (it.sender, Reason::Reply)));
        }
        Ok(reasons)
    }
}
