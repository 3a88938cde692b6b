//! Posting a message.

use std::sync::Arc;
use std::task::Poll;

use domain::port::bus::{MessageChange, RoomChange};
use domain::port::limiter::{Limit, LimitKey};
use domain::port::messages::{Appended, Fingerprint, NewMessage, Stored};
use domain::port::{Blocks, Clock, Ids, IdsExt as _, Messages};
use domain::{
    ClientId, Failure, Happening, MediaId, Message, MessageBody, MessageId, Refusal, RoomId, UserId,
};
use futures::poll;

use super::Standings;
use super::draft::{Drafts, References, fingerprint, unattachable};
use super::notify::Notifier;
use super::one_at_a_time::OneAtATime;
use super::standings::Standing;
use crate::access::{Inside, welcome};
use crate::announce::Announcer;
use crate::happened::happened;
use crate::present::MessageViews;
use crate::throttle::{MESSAGE, Throttle, whole};
use crate::{Caller, Error, Policy, Ports, Posted, Quota};

const REUSED: Refusal = Refusal::Conflict("this clientId was used for another message");

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// The id it is to have, if one had to be known in advance. A repeat keeps its original id.
    pub id: Option<MessageId>,
    /// Its text.
    pub body: MessageBody,
    /// The id that the sender's client gave it, so that sending it again is safe.
    pub client_id: Option<ClientId>,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// Its attachments.
    pub attachments: Vec<MediaId>,
}

/// Posts messages, each once however often it is sent.
pub struct PostMessage {
    standings: Arc<Standings>,
    blocks: Arc<dyn Blocks>,
    messages: Arc<dyn Messages>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    drafts: Drafts,
    repeats: OneAtATime,
    /// Whether webhooks are the only consumers of message events in the outbox.
    only_for_webhooks: bool,
    throttle: Throttle,
    limit: Limit,
    announcer: Announcer,
    notifier: Notifier,
    views: MessageViews,
}

impl PostMessage {
    pub(crate) fn new(ports: &Ports, standings: &Arc<Standings>, policy: &Policy) -> Self {
        Self {
            standings: Arc::clone(standings),
            blocks: Arc::clone(&ports.blocks),
            messages: Arc::clone(&ports.messages),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            drafts: Drafts::new(ports),
            repeats: OneAtATime::default(),
            only_for_webhooks: ports.pusher.is_none() && !policy.messages_are_heard,
            throttle: Throttle::new(ports),
            limit: policy.limits.message,
            announcer: Announcer::new(&ports.bus),
            notifier: Notifier::new(ports),
            views: MessageViews::new(ports),
        }
    }

    /// Posts the message, or returns the one posted earlier under the same client id.
    pub async fn run(&self, caller: &Caller, room: RoomId, post: NewPost) -> Result<Posted, Error> {
        self.run_in_turn(caller, room, post, || ()).await
    }

    /// Like [`run`](Self::run), and calls `in_turn` once the message has its turn: whatever is posted
    /// in the room after that comes after it, though neither is stored yet. For a message that never
    /// gets a turn, it is not called.
    #[tracing::instrument(skip_all, name = "post_message")]
    pub async fn run_in_turn(
        &self,
        caller: &Caller,
        room: RoomId,
        post: NewPost,
        in_turn: impl FnOnce(),
    ) -> Result<Posted, Error> {
        let client = post.client_id.map(|id| (id, fingerprint(id, &post.body)));
        // First of all: while it waits, the caller may lose the right to post.
        let _turn = match client {
            Some((id, _)) => Some(self.repeats.turn(caller.user, id).await),
            None => None,
        };
        let standing = self.standings.of(room, caller.user).await?;
        standing.inside.may_write(self.clock.now())?;
        welcome(&*self.blocks, &standing.inside.room, caller.user).await?;

        match (self.post(&standing, client, post, in_turn).await, client) {
            // A refusal or rate limit for a new message does not apply to a repeat.
            (Err(obstacle @ (Error::Refused(_) | Error::Limited(_))), Some(client)) => {
                self.repeat(&standing, client, obstacle).await
            }
            (answer, _) => answer,
        }
    }

    /// What is left of the caller's limit in a room, for responses that posted no message.
    pub async fn quota(&self, caller: &Caller, room: RoomId) -> Option<Quota> {
        let key = LimitKey::Messages(caller.user, room);
        self.throttle.look(&key, self.limit).await
    }

    /// The full limit, for responses to unknown callers or about no room.
    pub fn whole_quota(&self) -> Option<Quota> {
        whole(MESSAGE, self.limit)
    }

    async fn post(
        &self,
        standing: &Standing,
        client: Option<(ClientId, Fingerprint)>,
        post: NewPost,
        in_turn: impl FnOnce(),
    ) -> Result<Posted, Error> {
        let inside = &standing.inside;
        let References {
            reply_to,
            answered,
            mentions,
        } = self
            .drafts
            .references(inside, &post.body, post.reply_to, &post.attachments)
            .await?;
        let key = LimitKey::Messages(standing.sender.id, inside.room.id);
        let quota = self.throttle.admit(&key, self.limit).await?;
        let (id, at) = (post.id.unwrap_or_else(|| self.ids.next()), self.clock.now());
        let room = inside.room.id;
        let created = happened(&*self.ids, at, room, Happening::MessageCreated(id));
        let new = NewMessage {
            id,
            room,
            sender: standing.sender.id,
            body: post.body,
            client,
            reply_to,
            attachments: post.attachments,
            mentions,
            at,
            events: vec![created],
            only_for_webhooks: self.only_for_webhooks,
        };
        let appended = self.append(new, in_turn).await;
        if !matches!(appended, Ok(Appended::Stored(_))) {
            self.throttle.give_back(&key, self.limit).await;
        }
        match appended? {
            Appended::Stored(stored) => {
                let message = self.tell(inside, *stored, answered).await;
                Ok(Posted {
                    view: MessageViews::just_posted(&inside.room, message, standing.sender.clone()),
                    fresh: true,
                    quota,
                })
            }
            Appended::Duplicate(message) => {
                self.again(standing, *message, quota.map(returned)).await
            }
            Appended::Conflict => Err(REUSED.into()),
            Appended::NoRoom => Err(Refusal::NotFound.into()),
            Appended::Unattachable => Err(Refusal::from(unattachable()).into()),
        }
    }

    async fn append(&self, new: NewMessage, in_turn: impl FnOnce()) -> Result<Appended, Failure> {
        let batch = [new];
        let mut appending = self.messages.append(&batch);
        // With group commit, the first poll puts the message into its lane's queue; see `GroupCommit`.
        let first = poll!(&mut appending);
        in_turn();
        let mut answers = match first {
            Poll::Ready(answers) => answers?,
            Poll::Pending => appending.await?,
        };
        answers
            .pop()
            .ok_or_else(|| Failure::lasting("messages", "append", "one message has one answer"))
    }

    /// Announces a stored message, and notifies those whom it concerns.
    async fn tell(&self, inside: &Inside, stored: Stored, answered: Option<UserId>) -> Message {
        let Stored { message, thread } = stored;
        let change = |message, how| RoomChange::Message(Box::new(message), how);
        let mut changes = vec![change(message.clone(), MessageChange::Created)];
        changes.extend(thread.map(|root| change(root, MessageChange::Updated)));
        self.announcer.changed(inside.room.id, changes).await;
        self.notifier
            .tell_of(&inside.room, &message, answered)
            .await;
        message
    }

    /// Returns the message that was sent earlier under the same client id. If there is none, returns the
    /// obstacle.
    async fn repeat(
        &self,
        standing: &Standing,
        (id, fingerprint): (ClientId, Fingerprint),
        obstacle: Error,
    ) -> Result<Posted, Error> {
        let Some(sent) = self.messages.sent(standing.sender.id, id).await? else {
            return Err(obstacle);
        };
        let same = sent.message.room == standing.inside.room.id && sent.fingerprint == fingerprint;
        if !same {
            return Err(REUSED.into());
        }
        let quota = match obstacle {
            Error::Limited(quota) => Some(quota),
            Error::Refused(_) | Error::Failed(_) => {
                let key = LimitKey::Messages(standing.sender.id, standing.inside.room.id);
                self.throttle.look(&key, self.limit).await
            }
        };
        self.again(standing, sent.message, quota).await
    }

    async fn again(
        &self,
        standing: &Standing,
        message: Message,
        quota: Option<Quota>,
    ) -> Result<Posted, Error> {
        let view = self
            .views
            .show_one(standing.sender.id, &standing.inside.room, message)
            .await?;
        Ok(Posted {
            view,
            fresh: false,
            quota,
        })
    }
}

/// The quota after a point was given back.
fn returned(quota: Quota) -> Quota {
    Quota {
        remaining: quota.remaining.saturating_add(1).min(quota.limit.points),
        reset: quota.reset.saturating_sub(quota.limit.interval()),
        ..quota
    }
}
