//! Notifying users who are away of a message.

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

/// How long a user who does not come back hears nothing more about a room.
const QUIET: Duration = Duration::from_hours(24);
/// How long notifying one user may take.
const CLAIM: Duration = Duration::from_mins(2);
/// How many users are notified of a message concurrently: most of that time is spent waiting for
/// the remote side.
const AT_ONCE: usize = 8;
/// This many failures mean that the remote side is unavailable. The remaining users are notified on
/// retry, instead of waiting in vain for each of them.
const ENOUGH: usize = 8;

/// When users are notified.
#[derive(Clone, Copy, Debug)]
pub struct NotifyTerms {
    /// How long a message may take to be delivered, or its reader to connect, before they are
    /// notified.
    pub delay: Duration,
}

/// Works on the notification queue.
///
/// Whether to notify a user is decided after the delay, by the state at that time: a user who has
/// connected, has read the message, has muted the room or has the message on another device is not
/// notified.
///
/// A user is notified of a room once per channel until they have read something there, and once
/// more of a message addressed to them if the first one was not. A notification whose outcome is unknown
/// is sent again under the same id.
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

/// What every notification of a message has in common.
struct News {
    event: Event,
    room: Room,
    message: Message,
    sender_name: String,
    preview: String,
}

/// The outcome of notifying one user through one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Now,
    /// The user was already notified of the room, blocks the sender, or cannot be reached there any
    /// longer.
    Needless,
    /// Another worker is about to notify them, or the channel is failing at the moment.
    NotYet,
}

impl NotifyAway {
    /// Notifies users on their devices, and through this notifier if there is one.
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
                // The store of devices may be down while the notifier still works.
                self.tell_all(&news, concerned, &Devices::default()).await;
                Err(failure)
            }
        }
    }

    /// Notifies all of them in order, several at a time.
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
            told += u64::from(of_one.contains(&Outcome::Now));
            if of_one.contains(&Outcome::NotYet) {
                verdict = Verdict::Retry;
            }
        }
        metrics::counter!("tertulia_notifications_total").increment(told);
        verdict
    }

    /// Notifies one user through one channel, unless too many attempts on that channel have failed.
    async fn tell_unless_in_vain(
        &self,
        news: &News,
        (member, reason): (&Membership, Reason),
        way: &Channel<'_>,
        failures: &AtomicUsize,
    ) -> Outcome {
        if way.is_notifier() && failures.load(Ordering::Relaxed) >= ENOUGH {
            return Outcome::NotYet;
        }
        match self.tell(news, member, reason, way).await {
            Ok(told) => told,
            Err(failure) => {
                if way.is_notifier() {
                    failures.fetch_add(1, Ordering::Relaxed);
                }
                let (user, event, error) = (member.user, news.event.id, failure.chain());
                let device = way.device().map(tracing::field::display);
                tracing::info!(%user, %event, device, %error, "could not notify a user");
                Outcome::NotYet
            }
        }
    }

    /// Waits until the event's delay is over. Later events are due later still, so this holds up
    /// nothing.
    async fn wait(&self, event: &Event) {
        let due = event.at + self.terms.delay;
        let left = due.as_millis().saturating_sub(self.clock.now().as_millis());
        if let Ok(left) = u64::try_from(left) {
            // Never longer than the delay, whatever the clock of the node that wrote the event.
            sleep(Duration::from_millis(left).min(self.terms.delay)).await;
        }
    }

    /// What to notify about, if the message still exists.
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

    /// Notifies one user through one channel, unless they were notified of the room already.
    async fn tell(
        &self,
        news: &News,
        member: &Membership,
        reason: Reason,
        way: &Channel<'_>,
    ) -> Result<Outcome, Failure> {
        let mark = |personal| CacheKey::Notified {
            room: news.room.id,
            user: member.user,
            device: way.device(),
            read: member.cursors.read,
            personal,
        };
        let (personal, general) = (mark(true), mark(false));
        let (own, suffice) = if reason == Reason::Message {
            (&general, vec![&personal, &general])
        } else {
            (&personal, vec![&personal])
        };
        if self.has_any(&suffice).await?
            || self
                .concerned
                .blocks(member.user, news.message.sender)
                .await?
        {
            return Ok(Outcome::Needless);
        }
        // One claim for both kinds, so that neither overtakes the other.
        if !self.cache.claim(&general, CLAIM).await? {
            return Ok(Outcome::NotYet);
        }
        // Another worker may have notified them, and released its claim, since the marks were read.
        let outcome = match self.has_any(&suffice).await {
            Ok(true) => Ok(Outcome::Needless),
            Ok(false) => {
                let notification = notification(news, member, reason);
                self.tell_and_mark(way, &notification, own).await
            }
            Err(failure) => Err(failure),
        };
        // Even if the mark was not stored: a retry must not wait for the claim to expire.
        self.cache.release(&general).await?;
        outcome
    }

    /// Whether one of these marks is set.
    async fn has_any(&self, marks: &[&CacheKey]) -> Result<bool, Failure> {
        for mark in marks {
            if self.cache.get(mark).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notifies one user through one channel, and marks that they were notified.
    async fn tell_and_mark(
        &self,
        way: &Channel<'_>,
        notification: &Notification,
        mark: &CacheKey,
    ) -> Result<Outcome, Failure> {
        if !self.channels.tell(way, notification).await? {
            return Ok(Outcome::Needless);
        }
        let value = Bytes::from_static(b"1");
        self.cache.put(mark, value, QUIET).await?;
        Ok(Outcome::Now)
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
                tracing::warn!(event = %event.id, %error, "could not notify anybody of a message");
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
