//! Telling those who are away of one message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::port::cache::CacheKey;
use domain::port::jobs::Verdict;
use domain::port::notifier::{Notification, Reason};
use domain::port::{Cache, Clock, Messages, Notifier, Rooms, Users};
use domain::{Event, Failure, Happening, Membership, Message, MessageId, Retry, Room, UserId};
use futures::future::join_all;
use futures::{StreamExt as _, stream};
use tokio::time::sleep;

use super::channels::{Channel, Channels, Devices};
use super::concerned::Concerned;
use super::preview::preview;
use crate::Ports;
use crate::jobs::Worker;

/// For how long somebody who does not come is told nothing more of a room.
const QUIET: Duration = Duration::from_hours(24);
/// How long telling one person may take.
const CLAIM: Duration = Duration::from_mins(2);
/// How many people are told of one message at a time: most of it is waiting for the other side.
const AT_ONCE: usize = 8;
/// So many who could not be told mean that the other side is away. The rest are told when it is tried
/// again, instead of waiting in vain for each of them.
const ENOUGH: usize = 8;

/// When people are told.
#[derive(Clone, Copy, Debug)]
pub struct NotifyTerms {
    /// How long a message may take to arrive, or its reader to come, before anybody is told.
    pub delay: Duration,
}

/// Works on the queue of notifications. Whether somebody is to be told is decided after the delay, by
/// what is so then: whoever came, read, muted the room or has it on another device is told nothing.
///
/// Somebody is told of a room once in each way that there is, until they have read something there; and once
/// more of what is for them, if the first was not.
pub struct NotifyAway {
    channels: Channels,
    rooms: Arc<dyn Rooms>,
    messages: Arc<dyn Messages>,
    users: Arc<dyn Users>,
    cache: Arc<dyn Cache>,
    clock: Arc<dyn Clock>,
    concerned: Concerned,
    terms: NotifyTerms,
}

/// What all who are told of a message are told.
struct News {
    event: Event,
    room: Room,
    message: Message,
    sender_name: String,
    preview: String,
}

/// What became of telling one person in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Now,
    /// They know of the room, take nothing from whoever wrote, or are not to be found there any more.
    Needless,
    /// Somebody else is about to, or it would be in vain for now.
    NotYet,
}

impl NotifyAway {
    /// Tells people on their devices, and by this notifier if there is one.
    pub fn new(ports: &Ports, notifier: Option<Arc<dyn Notifier>>, terms: NotifyTerms) -> Self {
        Self {
            channels: Channels::new(ports, notifier),
            rooms: Arc::clone(&ports.rooms),
            messages: Arc::clone(&ports.messages),
            users: Arc::clone(&ports.users),
            cache: Arc::clone(&ports.cache),
            clock: Arc::clone(&ports.clock),
            concerned: Concerned::new(ports),
            terms,
        }
    }

    async fn notify(&self, event: &Event, id: MessageId) -> Result<Verdict, Failure> {
        if !self.channels.reach_anybody(event.at).await? {
            return Ok(Verdict::Done);
        }
        self.wait(event).await;
        let Some(news) = self.news(event, id).await? else {
            return Ok(Verdict::Done);
        };
        let concerned = self.concerned.of(&news.room, &news.message).await?;
        let users: Vec<UserId> = concerned.iter().map(|(member, _)| member.user).collect();
        match self.channels.devices(&users).await {
            Ok(devices) => Ok(self.tell_all(&news, concerned, &devices).await),
            Err(failure) => {
                // What keeps devices need not be what everything else is told by.
                self.tell_all(&news, concerned, &Devices::default()).await;
                Err(failure)
            }
        }
    }

    /// Tells all of them, in their order, several at a time.
    async fn tell_all(
        &self,
        news: &News,
        concerned: Vec<(Membership, Reason)>,
        devices: &Devices,
    ) -> Verdict {
        let failures = &AtomicUsize::new(0);
        let mut outcomes = stream::iter(concerned)
            .map(async |(member, reason)| {
                let ways = self.channels.of(member.user, devices);
                let telling = ways
                    .iter()
                    .map(|way| self.tell_unless_in_vain(news, (&member, reason), way, failures));
                join_all(telling).await
            })
            .buffer_unordered(AT_ONCE);
        let (mut told, mut verdict) = (0_u64, Verdict::Done);
        while let Some(of_one) = outcomes.next().await {
            told += u64::from(of_one.contains(&Told::Now));
            if of_one.contains(&Told::NotYet) {
                verdict = Verdict::Retry;
            }
        }
        metrics::counter!("tertulia_notifications_total").increment(told);
        verdict
    }

    /// Tells one person in one way, unless too many could not be told in that way before.
    async fn tell_unless_in_vain(
        &self,
        news: &News,
        (member, reason): (&Membership, Reason),
        way: &Channel<'_>,
        failures: &AtomicUsize,
    ) -> Told {
        if way.is_notifier() && failures.load(Ordering::Relaxed) >= ENOUGH {
            return Told::NotYet;
        }
        match self.tell(news, member, reason, way).await {
            Ok(told) => told,
            Err(failure) => {
                if way.is_notifier() {
                    failures.fetch_add(1, Ordering::Relaxed);
                }
                let (user, event, error) = (member.user, news.event.id, failure.chain());
                let device = way.device().map(tracing::field::display);
                tracing::info!(%user, %event, device, %error, "somebody was not notified");
                Told::NotYet
            }
        }
    }

    /// Until its delay is over. Those behind it are due later, so nothing waits that need not.
    async fn wait(&self, event: &Event) {
        let due = event.at + self.terms.delay;
        let left = due.as_millis().saturating_sub(self.clock.now().as_millis());
        if let Ok(left) = u64::try_from(left) {
            // Not longer, whatever the clock of the node was that wrote it.
            sleep(Duration::from_millis(left).min(self.terms.delay)).await;
        }
    }

    /// What there is to tell, if the message still stands.
    async fn news(&self, event: &Event, id: MessageId) -> Result<Option<News>, Failure> {
        let Some(room) = event.room else {
            return Ok(None);
        };
        let Some(room) = self.rooms.find(&[room]).await?.pop() else {
            return Ok(None);
        };
        let reader = domain::port::messages::View::whole(room.id).reader;
        let Some(message) = self.messages.find(&[id], reader).await?.pop() else {
            return Ok(None);
        };
        let Some(body) = &message.body else {
            return Ok(None);
        };
        let preview = preview(body.as_str());
        let sender = self.users.find(&[message.sender]).await?.pop();
        let sender_name = sender.map(|user| user.display_name.as_str().to_owned());
        Ok(Some(News {
            event: *event,
            room,
            message,
            sender_name: sender_name.unwrap_or_default(),
            preview,
        }))
    }

    async fn tell(
        &self,
        news: &News,
        member: &Membership,
        reason: Reason,
        way: &Channel<'_>,
    ) -> Result<Told, Failure> {
        let key = |personal| CacheKey::Notified {
            room: news.room.id,
            user: member.user,
            device: way.device(),
            read: member.cursors.read,
            personal,
        };
        let personal = reason != Reason::Message;
        let knows = self.cache.get(&key(true)).await?.is_some()
            || (!personal && self.cache.get(&key(false)).await?.is_some());
        if knows
            || self
                .concerned
                .blocks(member.user, news.message.sender)
                .await?
        {
            return Ok(Told::Needless);
        }
        let key = key(personal);
        if !self.cache.claim(&key, CLAIM).await? {
            return Ok(Told::NotYet);
        }
        let notification = notification(news, member, reason);
        let told = self.channels.tell(way, &notification).await;
        let kept = match &told {
            Ok(true) => self.cache.put(&key, Bytes::from_static(b"1"), QUIET).await,
            Ok(false) | Err(_) => Ok(()),
        };
        // Also where it was not kept: whoever tries again is not to wait for the claim to lapse.
        self.cache.release(&key).await?;
        let told = told?;
        kept.map(|()| if told { Told::Now } else { Told::Needless })
    }
}

#[async_trait]
impl Worker for NotifyAway {
    async fn work(&self, event: &Event) -> Verdict {
        let Happening::MessageCreated(message) = event.what else {
            return Verdict::Done;
        };
        match self.notify(event, message).await {
            Ok(verdict) => verdict,
            Err(failure) => {
                let error = failure.chain();
                tracing::warn!(event = %event.id, %error, "nobody was notified");
                match failure.retry {
                    Retry::Worthwhile | Retry::Shortly => Verdict::Retry,
                    Retry::Useless => Verdict::Dead,
                }
            }
        }
    }
}

fn notification(news: &News, member: &Membership, reason: Reason) -> Notification {
    let name = news.room.name.as_ref();
    Notification {
        event: news.event.id,
        user: member.user,
        reason,
        room: news.room.id,
        room_name: name.map(|name| name.as_str().to_owned()),
        message: news.message.id,
        seq: news.message.seq,
        sender: news.message.sender,
        sender_name: news.sender_name.clone(),
        preview: news.preview.clone(),
        at: news.message.created_at,
    }
}
