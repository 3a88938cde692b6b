//! Carries frames between a [`Talk`] and a socket, and reconnects when that ends.

use std::pin::Pin;
use std::time::Duration;

use protocol::Secret;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::ending::Remedy;
use super::socket::{Received, Socket};
use super::talk::{Order, Talk};
use super::{Ending, Event, Patience};
use crate::call::path;
use crate::{Account, Error, chance};

/// The server pings every 25 seconds. If two pings are missing, it is considered gone.
const SILENCE: Duration = Duration::from_mins(1);

pub(super) struct Driver {
    pub(super) account: Account,
    pub(super) talk: Talk,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) patience: Patience,
    pub(super) stop: CancellationToken,
    /// Failed attempts in a row.
    pub(super) failures: u32,
    /// Refused tokens in a row, and the last of them.
    pub(super) refusals: u32,
    pub(super) stale: Option<Secret>,
}

/// A token renewal in progress.
type Renewal = Pin<Box<dyn Future<Output = Result<Secret, Error>> + Send>>;

impl Driver {
    /// Runs one connection after the other, until the last one ends.
    pub(super) async fn run(mut self) {
        loop {
            let stop = self.stop.clone();
            let opening = stop.run_until_cancelled(Box::pin(self.open())).await;
            let why = match opening.unwrap_or(Err(Ending::Left)) {
                Ok((socket, token)) => Box::pin(self.converse(socket, token)).await,
                Err(why) => why,
            };
            let again = self.again(&why);
            tracing::debug!(%why, ?again, "the connection ended");
            self.talk.lost();
            let told = self.tell_ending(Event::Disconnected { why, again }).await;
            match again {
                Some(pause) if told => self.rest(pause).await,
                _ => break,
            }
        }
        self.talk.over();
        // Later orders fail instead of waiting forever.
        self.orders.close();
        while let Some(order) = self.orders.recv().await {
            self.talk.order(order, now());
        }
        self.talk.over();
    }

    /// Reports how the connection ended, waiting for capacity if the queue is full: a program that
    /// has stopped taking events must not miss this one. Returns false if it was stopped meanwhile.
    async fn tell_ending(&mut self, ending: Event) -> bool {
        if self.stop.is_cancelled() {
            self.talk.teller.tell(ending);
            return false;
        }
        let telling = self.talk.teller.insist(ending);
        self.stop.run_until_cancelled(telling).await.is_some()
    }

    async fn open(&mut self) -> Result<(Socket, Secret), Ending> {
        let token = match self.stale.take() {
            Some(stale) => match self.account.renew(&stale).await {
                Ok(token) => token,
                Err(error) => {
                    // The next attempt may succeed.
                    self.stale = Some(stale);
                    return Err(Ending::of(error));
                }
            },
            None => self.account.token().map_err(Ending::of)?,
        };
        let url = self.account.http().url(&path([&"ws"]));
        match Socket::open(url, &token).await {
            Ok(socket) => Ok((socket, token)),
            Err(why) => {
                self.blames(&why, &token);
                Err(why)
            }
        }
    }

    /// Remembers a token that was refused.
    fn blames(&mut self, why: &Ending, token: &Secret) {
        if why.remedy() == Remedy::Renew {
            self.refusals += 1;
            self.stale = Some(token.clone());
        }
    }

    /// Runs one connection until it ends.
    async fn converse(&mut self, mut socket: Socket, mut token: Secret) -> Ending {
        let mut renewal: Option<Renewal> = None;
        let mut silence = Instant::now() + SILENCE;
        let (stop, room) = (self.stop.clone(), self.talk.teller.room());
        loop {
            if let Some(why) = self.say(&mut socket).await {
                self.blames(&why, &token);
                return why;
            }
            if let Some(seconds) = self.talk.expires_in.take() {
                renewal = Some(self.renewal(token.clone(), seconds));
            }
            let due = self
                .talk
                .due()
                .map_or(silence, |due| silence.min(due.into()));
            tokio::select! {
                () = stop.cancelled() => {
                    socket.leave().await;
                    return Ending::Left;
                }
                told = socket.next() => match told {
                    Ok(told) => {
                        silence = Instant::now() + SILENCE;
                        self.heard(told);
                    }
                    Err(why) => {
                        self.blames(&why, &token);
                        return why;
                    }
                },
                Some(order) = self.orders.recv() => self.talk.order(order, now()),
                () = room.made() => self.talk.released(now()),
                renewed = renewed(&mut renewal) => {
                    renewal = None;
                    // Without a token the server ends this connection, and the next one starts with
                    // a renewal.
                    if let Ok(fresh) = renewed {
                        token = fresh.clone();
                        self.talk.show(fresh);
                    }
                }
                () = sleep_until(due) => {
                    if silence <= Instant::now() {
                        return Ending::Silent;
                    }
                    self.talk.go_on(now());
                }
            }
        }
    }

    /// Sends all pending frames. Returns why the connection has to end, if it has to.
    async fn say(&mut self, socket: &mut Socket) -> Option<Ending> {
        while let Some(frame) = self.talk.next_frame() {
            if let Err(why) = socket.send(frame).await {
                return Some(why);
            }
        }
        if self.talk.teller.overran() {
            return Some(Ending::Untaken);
        }
        if self.talk.holds_some() {
            self.talk.teller.wants_room();
        }
        None
    }

    fn heard(&mut self, told: Received) {
        let Received::Frame(text) = told else { return };
        let was_ready = self.talk.is_ready();
        self.talk.hear(&text, now());
        if self.talk.is_ready() && !was_ready {
            (self.failures, self.refusals) = (0, 0);
        }
    }

    /// Renews the token after half its remaining time. Not at once: with short-lived tokens, the
    /// next one is announced as expiring as soon as it is shown.
    fn renewal(&self, stale: Secret, seconds: u64) -> Renewal {
        let account = self.account.clone();
        Box::pin(async move {
            sleep(Duration::from_secs(seconds) / 2).await;
            account.renew(&stale).await
        })
    }

    /// After how long to reconnect, if at all.
    fn again(&mut self, why: &Ending) -> Option<Duration> {
        let helps = match why.remedy() {
            Remedy::None => false,
            Remedy::Renew => self.refusals < 2,
            Remedy::Return => true,
        };
        if !helps || self.stop.is_cancelled() {
            return None;
        }
        let pause = self.patience.pause(self.failures, chance::number());
        self.failures = self.failures.saturating_add(1);
        let asked = why.retry_after().map(Duration::from_secs);
        Some(self.talk.away.take().or(asked).unwrap_or(pause))
    }

    /// Pauses, and accepts orders of the program meanwhile.
    async fn rest(&mut self, pause: Duration) {
        let end = Instant::now() + pause;
        let stop = self.stop.clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep_until(end) => return,
                Some(order) = self.orders.recv() => self.talk.order(order, now()),
            }
        }
    }
}

fn now() -> std::time::Instant {
    Instant::now().into_std()
}

/// Completes when the renewal does; never, if none is in progress.
async fn renewed(renewal: &mut Option<Renewal>) -> Result<Secret, Error> {
    match renewal {
        Some(renewal) => renewal.await,
        None => std::future::pending().await,
    }
}
