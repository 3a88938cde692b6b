//! One room with few senders and many listeners.

use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::dialect::Heard;
use crate::figures::{float, many};
use crate::histogram::Histogram;
use crate::options::{Run, World};
use crate::pace::Pace;
use crate::party::{Deaf, Ear, Guest, Hearing, Party};
use crate::report::tell;
use crate::stamp;
use crate::subject::{Plan, Spent, Subject};
use crate::wire::Voice;

/// How long deliveries may still arrive after the last message was sent.
const DRAIN: Duration = Duration::from_secs(10);
/// Above this number of deliveries a second, the sockets are only read at intervals: reading each delivery by
/// itself would cost more than writing it.
const CROWDED: f64 = 300_000.0;
/// That interval. It adds at most this much to the measured latency.
const LAZINESS: Duration = Duration::from_millis(5);
/// The share of a core above which the load generator itself may be the bottleneck.
const CLIENT_IS_BUSY: f64 = 0.95;

/// The numbers of listeners and senders.
#[derive(Clone, Copy)]
pub(crate) struct Seats {
    pub(crate) listeners: usize,
    pub(crate) speakers: usize,
}

impl fmt::Display for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            listeners,
            speakers,
        } = self;
        write!(f, "{speakers} who speak and {listeners} who listen")
    }
}

/// A server with its listeners in one room.
pub(super) struct Hall {
    pub(super) subject: Subject,
    party: Party,
    room: String,
    seats: Seats,
}

impl Hall {
    /// One hall for the server and one for each of its peers.
    pub(super) fn all(run: &Run, seats: Seats) -> anyhow::Result<Vec<Self>> {
        let mut halls = Vec::new();
        if run.measures_tertulia() {
            let world = run.world.unwrap_or(World::Embedded);
            halls.push(Self::open(Subject::tertulia(run, world)?, seats)?);
        }
        if run.measures_peers() {
            halls.push(Self::open(Subject::socket_io()?, seats)?);
            halls.push(Self::open(Subject::bare()?, seats)?);
        }
        Ok(halls)
    }

    pub(super) fn open(subject: Subject, seats: Seats) -> anyhow::Result<Self> {
        tell(&format!("{}: {seats}", subject.name));
        // The guests after the last listener are the senders, which do not subscribe.
        let everybody: Vec<usize> = (0..seats.listeners + seats.speakers).collect();
        let estate = subject.settle(&Plan {
            people: everybody.len(),
            rooms: vec![everybody.clone()],
        })?;
        let room = estate.room(0).to_owned();
        let greeting = subject.dialect.subscribe(&[(&room, None)]);
        let guests = everybody.into_iter().map(|person| Guest {
            token: estate.token(person),
            greeting: (person < seats.listeners).then(|| greeting.clone()),
        });
        let party = Party::new(subject.address(), subject.dialect, guests.collect())?;
        Ok(Self {
            subject,
            party,
            room,
            seats,
        })
    }

    /// Connects all clients.
    pub(super) fn fill(&mut self) -> anyhow::Result<()> {
        self.party.arrive()?;
        self.party.gather(&mut Deaf)?;
        self.party.settle()
    }

    /// Disconnects all clients, since nothing answers their heartbeats while another hall is measured.
    pub(super) fn empty(&mut self) {
        self.party.scatter();
    }

    fn say_what_is_due(&mut self, pace: &mut Pace, now: Instant) -> anyhow::Result<()> {
        let Seats {
            listeners,
            speakers,
        } = self.seats;
        while pace.due(now) {
            let turn = usize::try_from(pace.done()).unwrap_or_default() % speakers.max(1);
            let sent = stamp::nanos(Instant::now());
            let dialect = self.party.dialect();
            let text = dialect.send(sent, &self.room, &stamp::text(sent));
            self.party.say(listeners + turn, &text);
        }
        (listeners..listeners + speakers).try_for_each(|speaker| self.party.flush(speaker))
    }

    /// Sends at this rate for a while, and waits until all listeners have received everything.
    pub(super) fn speak(&mut self, rate: f64, span: Duration) -> anyhow::Result<Speech> {
        let before = self.subject.spent();
        let mut meter = Meter::new();
        let mut pace = Pace::new(rate);
        let started = Instant::now();
        let lazy = rate * many(self.seats.listeners) > CROWDED;
        let mut sweep = started;
        loop {
            let now = Instant::now();
            let left = span.saturating_sub(now - started);
            if left.is_zero() {
                break;
            }
            self.say_what_is_due(&mut pace, now)?;
            let wait = pace.wait(Instant::now()).min(left);
            if !lazy {
                self.party.turn(&mut meter, wait)?;
            } else if now < sweep {
                sleep(wait.min(sweep - now));
            } else {
                self.party.sweep(&mut meter)?;
                sweep = now + LAZINESS;
            }
        }
        let expected = float(pace.done()) * many(self.seats.listeners);
        while float(meter.latencies.len()) < expected && started.elapsed() < span + DRAIN {
            self.party.turn(&mut meter, Duration::from_millis(10))?;
        }
        if let Some(refused) = meter.refused {
            bail!("{} refused what was said: {refused}", self.subject.name);
        }
        let spent = self.subject.spent().since(before);
        Ok(Speech {
            rate,
            lost: expected - float(meter.latencies.len()),
            elapsed: meter.last.saturating_duration_since(started).max(span),
            bytes: float(meter.bytes) / float(meter.latencies.len().max(1)),
            latencies: meter.latencies,
            spent,
        })
    }
}

/// The results of one measurement.
pub(super) struct Speech {
    pub(super) rate: f64,
    pub(super) lost: f64,
    pub(super) elapsed: Duration,
    /// The mean size of a delivery.
    pub(super) bytes: f64,
    pub(super) latencies: Histogram,
    pub(super) spent: Spent,
}

impl Speech {
    pub(super) fn deliveries_per_second(&self) -> f64 {
        float(self.latencies.len()) / self.elapsed.as_secs_f64()
    }

    /// The CPU seconds that a million deliveries cost the server.
    pub(super) fn cpu_per_million(&self) -> f64 {
        self.spent.server * 1e6 / float(self.latencies.len().max(1))
    }

    /// The share of one core that the clients used.
    pub(super) fn client_share(&self) -> f64 {
        self.spent.client / self.elapsed.as_secs_f64()
    }

    pub(super) fn client_was_busy(&self) -> bool {
        self.client_share() > CLIENT_IS_BUSY
    }
}

/// Counts what listeners receive.
struct Meter {
    /// Messages sent before this belong to an earlier measurement.
    since: u64,
    latencies: Histogram,
    bytes: u64,
    last: Instant,
    refused: Option<String>,
}

impl Meter {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            since: stamp::nanos(now),
            latencies: Histogram::new(),
            bytes: 0,
            last: now,
            refused: None,
        }
    }
}

impl Ear for Meter {
    fn hear(&mut self, hearing: &Hearing<'_>, _voice: &mut Voice<'_>) {
        match hearing.heard {
            Heard::Message(sent) if sent >= self.since => {
                let taken = stamp::nanos(hearing.at).saturating_sub(sent);
                self.latencies.record(taken);
                self.bytes += u64::try_from(hearing.bytes).unwrap_or_default();
                self.last = hearing.at;
            }
            Heard::Refused(why) => {
                let why = || String::from_utf8_lossy(why).into_owned();
                self.refused.get_or_insert_with(why);
            }
            Heard::Message(_)
            | Heard::Expects(_)
            | Heard::Ready
            | Heard::Subscribed(_)
            | Heard::Later(_)
            | Heard::Acked(_)
            | Heard::Other => {}
        }
    }
}
