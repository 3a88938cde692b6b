//! The handle with which a program acts on a connection.

use std::sync::Arc;

use protocol::limits::FRAME_BYTES;
use protocol::realtime::{Ack, ClientFrame, Command, React};
use protocol::rest::{EditMessage, PostMessage, SummaryQuery};
use protocol::shape::{Cursors, Message, Summary};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::answers::unfit;
use super::driver::Driver;
use super::events::{self, Events};
use super::outbox::Letter;
use super::questions::Hear;
use super::talk::{Order, Talk};
use super::{Options, Since, Stand, Standing};
use crate::{Account, Error, chance};

/// How many orders are queued before a caller has to wait.
const ORDERS: usize = 64;

/// A connection that reconnects by itself. Clones share it; it ends when all of them and the
/// [`Events`] are dropped.
///
/// Messages wait for a connection. Everything else fails with [`Error::Disconnected`] without one.
#[derive(Clone, Debug)]
pub struct Live {
    orders: mpsc::Sender<Order>,
    stop: CancellationToken,
    tasks: TaskTracker,
    _open: Arc<DropGuard>,
}

/// A message to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub content: String,
    /// An id chosen by the client, under which the message is stored once. By default a new one.
    pub client_id: Option<Uuid>,
    /// The message that it replies to.
    pub reply_to: Option<Uuid>,
    /// The user's [uploads](Account::upload) to attach.
    pub attachments: Vec<Uuid>,
}

/// The members of a room who are online.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Online {
    /// The first 500 of them.
    pub users: Vec<Uuid>,
    /// How many there are.
    pub count: i64,
}

impl Draft {
    /// A message with this text.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            client_id: None,
            reply_to: None,
            attachments: Vec::new(),
        }
    }

    /// Makes it a reply to a message.
    #[must_use]
    pub const fn answering(mut self, message: Uuid) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// Sets its id: posted again under the same id, even by a later process, it is stored once.
    #[must_use]
    pub const fn named(mut self, client_id: Uuid) -> Self {
        self.client_id = Some(client_id);
        self
    }

    pub(crate) fn into_post(self) -> Result<PostMessage, Error> {
        Ok(PostMessage {
            content: self.content,
            client_id: Some(self.client_id.map_or_else(chance::id, Ok)?),
            reply_to: self.reply_to,
            attachments: self.attachments,
        })
    }
}

impl Live {
    pub(crate) fn begin(account: Account, from: Standing, options: Options) -> (Self, Events) {
        let (orders, received) = mpsc::channel(ORDERS);
        let stop = CancellationToken::new();
        let open = Arc::new(stop.clone().drop_guard());
        let (teller, events) = events::queue(options.waiting, from.clone(), Arc::clone(&open));
        let driver = Driver {
            account,
            talk: Talk::new(from, teller),
            orders: received,
            patience: options.patience,
            stop: stop.clone(),
            failures: 0,
            refusals: 0,
            stale: None,
        };
        let tasks = TaskTracker::new();
        tasks.spawn(driver.run());
        tasks.close();
        (
            Self {
                orders,
                stop,
                tasks,
                _open: open,
            },
            events,
        )
    }

    /// Subscribes to a room, and waits until everything after `since` has been delivered. The
    /// subscription outlives disconnects, and cancelling this call does not end it. Subscribing
    /// again starts over.
    pub async fn subscribe(&self, room: Uuid, since: Since) -> Result<Stand, Error> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Subscribe { room, since, reply }).await?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Unsubscribes from a room.
    pub async fn unsubscribe(&self, room: Uuid) -> Result<(), Error> {
        self.order(Order::Unsubscribe { room }).await
    }

    /// Posts a message, and waits until it is stored, however often the connection breaks
    /// meanwhile. The messages of a room are stored in the order in which they were sent.
    /// Cancelling this call does not withdraw the message.
    pub async fn send(&self, room: Uuid, draft: Draft) -> Result<Message, Error> {
        let message = draft.into_post()?;
        let client_id = message.client_id.ok_or(Error::Closed)?;
        fits(&Command::Send {
            room_id: room,
            message: message.clone(),
        })?;
        let (reply, answer) = oneshot::channel();
        let letter = Letter {
            client_id,
            room,
            message,
            reply,
        };
        self.order(Order::Post(letter)).await?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    /// Edits a message.
    pub async fn edit(&self, message: Uuid, content: impl Into<String>) -> Result<Message, Error> {
        let change = EditMessage {
            content: content.into(),
        };
        self.changed(Command::Edit {
            message_id: message,
            change,
        })
        .await
    }

    /// Deletes a message, and returns its tombstone.
    pub async fn delete(&self, message: Uuid) -> Result<Message, Error> {
        self.changed(Command::Delete {
            message_id: message,
        })
        .await
    }

    /// Adds or removes a reaction.
    pub async fn react(
        &self,
        message: Uuid,
        emoji: impl Into<String>,
        on: bool,
    ) -> Result<Message, Error> {
        let react = React {
            message_id: message,
            emoji: emoji.into(),
            on,
        };
        self.changed(Command::React(react)).await
    }

    async fn changed(&self, command: Command) -> Result<Message, Error> {
        let Ack::Message { message } = self.ask(command, None).await? else {
            return Err(unfit());
        };
        Ok(message)
    }

    /// Marks a room as read up to this seq.
    pub async fn read(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.moved(Command::Read { room_id: room, seq }).await
    }

    /// Marks a room's messages up to this seq as delivered to this device.
    pub async fn delivered(&self, room: Uuid, seq: i64) -> Result<Cursors, Error> {
        self.moved(Command::Delivered { room_id: room, seq }).await
    }

    async fn moved(&self, command: Command) -> Result<Cursors, Error> {
        let Ack::Cursors(cursors) = self.ask(command, None).await? else {
            return Err(unfit());
        };
        Ok(cursors)
    }

    /// Announces that the user started or stopped typing, if there is a connection.
    pub async fn typing(&self, room: Uuid, on: bool) -> Result<(), Error> {
        self.order(Order::Tell(Command::Typing { room_id: room, on }))
            .await
    }

    /// The members of a room who are online.
    pub async fn online(&self, room: Uuid) -> Result<Online, Error> {
        let Ack::Presence { online, count } =
            self.ask(Command::Presence { room_id: room }, None).await?
        else {
            return Err(unfit());
        };
        Ok(Online {
            users: online,
            count,
        })
    }

    /// A summary of what was missed. Parts of its text are passed on while it is being generated;
    /// the result replaces them.
    pub async fn summary(
        &self,
        room: Uuid,
        ask: SummaryQuery,
        hear: impl FnMut(&str) + Send + 'static,
    ) -> Result<Summary, Error> {
        let command = Command::Summary { room_id: room, ask };
        let Ack::Summary { summary } = self.ask(command, Some(Box::new(hear))).await? else {
            return Err(unfit());
        };
        Ok(summary)
    }

    /// Waits for a response of the server.
    pub async fn ping(&self) -> Result<(), Error> {
        self.ask(Command::Ping, None).await.map(drop)
    }

    /// Closes the connection, and waits for it. What was not acknowledged fails with
    /// [`Error::Closed`].
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }

    async fn ask(&self, command: Command, hear: Option<Hear>) -> Result<Ack, Error> {
        fits(&command)?;
        let (reply, answer) = oneshot::channel();
        self.order(Order::Ask {
            command,
            hear,
            reply,
        })
        .await?;
        answer.await.unwrap_or(Err(Error::Closed))
    }

    async fn order(&self, order: Order) -> Result<(), Error> {
        self.orders
            .send(order)
            .await
            .map_err(|_it_is_over| Error::Closed)
    }
}

/// Checks the size of a frame: the server would close the connection for it, and a retry the next
/// one.
fn fits(command: &Command) -> Result<(), Error> {
    let frame = ClientFrame {
        command: command.clone(),
        id: Some(u64::MAX),
    };
    let text = serde_json::to_vec(&frame).map_err(|source| Error::Unwritable(source.into()))?;
    if text.len() > FRAME_BYTES {
        Err(Error::TooLong)
    } else {
        Ok(())
    }
}
