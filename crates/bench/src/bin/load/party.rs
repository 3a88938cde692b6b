//! The clients of one server: connects them, subscribes them to their rooms, and retries.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::dialect::{Dialect, Heard};
use crate::wire::{AT_ONCE, Crowd, Said, Voice};

/// How long it may take until all clients are subscribed.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a refused client waits before it retries.
const PAUSE: Duration = Duration::from_secs(1);
/// How many refusals there may be in total before the run fails.
const MOST_ATTEMPTS: usize = 100_000;
/// How long nothing may arrive before the clients count as settled.
const SILENCE: Duration = Duration::from_millis(300);

/// Handles what clients receive.
pub(crate) trait Ear {
    fn hear(&mut self, heard: &Hearing<'_>, voice: &mut Voice<'_>);
}

/// Something that a client received.
pub(crate) struct Hearing<'a> {
    pub(crate) guest: usize,
    pub(crate) heard: Heard<'a>,
    /// The length of the text.
    pub(crate) bytes: usize,
    pub(crate) at: Instant,
}

/// Ignores everything.
pub(crate) struct Deaf;

impl Ear for Deaf {
    fn hear(&mut self, _heard: &Hearing<'_>, _voice: &mut Voice<'_>) {}
}

/// A client's token, and the text that it sends once connected, usually to join its rooms.
pub(crate) struct Guest {
    pub(crate) token: Option<String>,
    pub(crate) greeting: Option<String>,
}

/// Clients of one server, by number.
pub(crate) struct Party {
    crowd: Crowd,
    dialect: &'static dyn Dialect,
    guests: Vec<Guest>,
    status: Status,
}

/// The progress of all clients.
#[derive(Default)]
struct Status {
    inside: usize,
    ended: Option<String>,
    heard: bool,
    /// Clients that were refused, and what they will retry when.
    later: VecDeque<(Instant, usize, Attempt)>,
    put_off: usize,
}

impl Status {
    fn turned_away(&mut self, guest: usize, at: Instant, why: &str) {
        self.put_off += 1;
        self.later.push_back((at + PAUSE, guest, Attempt::Connect));
        if self.put_off > MOST_ATTEMPTS {
            self.ended
                .get_or_insert_with(|| format!("client {guest}: {why}"));
        }
    }
}

/// What a client retries.
#[derive(Clone, Copy)]
enum Attempt {
    Connect,
    Greet,
}

impl Party {
    /// Clients for these guests, none of them connected yet.
    pub(crate) fn new(
        server: SocketAddr,
        dialect: &'static dyn Dialect,
        guests: Vec<Guest>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            crowd: Crowd::new(server)?,
            dialect,
            guests,
            status: Status::default(),
        })
    }

    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    pub(crate) fn len(&self) -> usize {
        self.guests.len()
    }

    /// How often clients were refused or told to retry later because too many connected at once.
    pub(crate) fn put_off(&self) -> usize {
        self.status.put_off
    }

    /// Changes what a client will send when it connects again.
    pub(crate) fn greet_with(&mut self, guest: usize, greeting: String) {
        if let Some(guest) = self.guests.get_mut(guest) {
            guest.greeting = Some(greeting);
        }
    }

    /// Starts connecting all clients at once.
    pub(crate) fn arrive(&mut self) -> anyhow::Result<()> {
        self.status = Status::default();
        for (number, guest) in self.guests.iter().enumerate() {
            let request = self.dialect.request(guest.token.as_deref());
            self.crowd
                .connect(number, request)
                .with_context(|| format!("client {number} cannot connect"))?;
        }
        Ok(())
    }

    /// Waits until all clients are subscribed to their rooms.
    pub(crate) fn gather(&mut self, ear: &mut impl Ear) -> anyhow::Result<()> {
        let started = Instant::now();
        while self.status.inside < self.guests.len() {
            self.turn(ear, Duration::from_millis(100))?;
            if started.elapsed() > PATIENCE {
                let (inside, all) = (self.status.inside, self.guests.len());
                bail!("only {inside} of {all} clients came in");
            }
        }
        Ok(())
    }

    /// Waits until nothing has arrived for a while.
    pub(crate) fn settle(&mut self) -> anyhow::Result<()> {
        let mut last = Instant::now();
        let started = last;
        while last.elapsed() < SILENCE && started.elapsed() < PATIENCE {
            self.status.heard = false;
            self.turn(&mut Deaf, SILENCE)?;
            if self.status.heard {
                last = Instant::now();
            }
        }
        Ok(())
    }

    /// Drops all connections at once, without closing them properly.
    pub(crate) fn scatter(&mut self) {
        for guest in 0..self.guests.len() {
            self.crowd.leave(guest);
        }
    }

    pub(crate) fn say(&mut self, guest: usize, text: &str) {
        self.crowd.say(guest, text.as_bytes());
    }

    /// Sends what a client has queued.
    pub(crate) fn flush(&mut self, guest: usize) -> anyhow::Result<()> {
        self.crowd
            .flush(guest)
            .with_context(|| format!("client {guest} cannot send"))
    }

    fn try_again(&mut self) -> anyhow::Result<()> {
        let now = Instant::now();
        let later = &mut self.status.later;
        while let Some((_, number, attempt)) = later.pop_front_if(|(when, _, _)| *when <= now) {
            let Some(guest) = self.guests.get(number) else {
                continue;
            };
            match (attempt, &guest.greeting) {
                (Attempt::Connect, _) => {
                    let request = self.dialect.request(guest.token.as_deref());
                    self.crowd.connect(number, request)?;
                }
                (Attempt::Greet, Some(greeting)) => {
                    self.crowd.say(number, greeting.as_bytes());
                    self.crowd.flush(number)?;
                }
                (Attempt::Greet, None) => {}
            }
        }
        Ok(())
    }

    /// Handles everything that has arrived so far, without waiting.
    pub(crate) fn sweep(&mut self, ear: &mut impl Ear) -> anyhow::Result<()> {
        let mut seen = 0;
        while seen <= self.guests.len() && self.turn(ear, Duration::ZERO)? == AT_ONCE {
            seen += AT_ONCE;
        }
        Ok(())
    }

    /// Waits until some input has arrived or the time is up, and handles it. Fails if a connection has ended.
    /// Returns how many clients received something.
    pub(crate) fn turn(&mut self, ear: &mut impl Ear, patience: Duration) -> anyhow::Result<usize> {
        self.try_again()?;
        let Self {
            crowd,
            dialect,
            guests,
            status,
        } = self;
        let heard = crowd.turn(patience, |guest, said, at, voice| {
            let greeting = || guests.get(guest).and_then(|it| it.greeting.as_deref());
            let (heard, bytes) = match said {
                Said::TurnedAway(why) => {
                    status.turned_away(guest, at, &why);
                    return;
                }
                Said::Ended(why) => {
                    status.ended.get_or_insert(format!("client {guest}: {why}"));
                    return;
                }
                Said::Opened if dialect.ready_at_once() => (Heard::Ready, 0),
                Said::Opened => return,
                Said::Text(text) => (dialect.hear(text), text.len()),
            };
            status.heard = true;
            match heard {
                Heard::Expects(answer) => voice.say(answer.as_bytes()),
                Heard::Ready => match greeting() {
                    Some(greeting) => voice.say(greeting.as_bytes()),
                    None => status.inside += 1,
                },
                Heard::Subscribed(_) => status.inside += 1,
                Heard::Later(seconds) => {
                    status.put_off += 1;
                    let again = at + Duration::from_secs(seconds);
                    status.later.push_back((again, guest, Attempt::Greet));
                }
                Heard::Acked(_) | Heard::Message(_) | Heard::Refused(_) | Heard::Other => {}
            }
            let hearing = Hearing {
                guest,
                heard,
                bytes,
                at,
            };
            ear.hear(&hearing, voice);
        })?;
        match status.ended.take() {
            Some(why) => bail!("a connection ended: {why}"),
            None => Ok(heard),
        }
    }
}
