//! Many rooms of five members, all of whom send.

use std::time::{Duration, Instant};

use anyhow::bail;

use crate::dialect::{Dialect, Heard};
use crate::figures::float;
use crate::histogram::Histogram;
use crate::pace::Pace;
use crate::party::{Deaf, Ear, Guest, Hearing, Party};
use crate::report::tell;
use crate::stamp;
use crate::subject::{Plan, Spent, Subject};
use crate::wire::Voice;

/// The number of members of each room.
const NEIGHBOURS: usize = 5;
/// How long acknowledgements may still arrive after the last message was sent.
const DRAIN: Duration = Duration::from_secs(10);

/// A server with its rooms of five members.
pub(super) struct Neighbourhood {
    pub(super) subject: Subject,
    party: Party,
    /// The room of each guest.
    rooms: Vec<String>,
}

impl Neighbourhood {
    pub(super) fn open(subject: Subject, rooms: usize) -> anyhow::Result<Self> {
        tell(&format!("{}: {rooms} rooms fill", subject.name));
        let members = |room: usize| (room * NEIGHBOURS..(room + 1) * NEIGHBOURS).collect();
        let people = rooms * NEIGHBOURS;
        let estate = subject.settle(&Plan {
            people,
            rooms: (0..rooms).map(members).collect(),
        })?;
        let names: Vec<String> = (0..people)
            .map(|person| estate.room(person / NEIGHBOURS).to_owned())
            .collect();
        let guests = names.iter().enumerate().map(|(person, room)| Guest {
            token: estate.token(person),
            greeting: Some(subject.dialect.subscribe(&[(room, None)])),
        });
        let mut party = Party::new(subject.address(), subject.dialect, guests.collect())?;
        party.arrive()?;
        party.gather(&mut Deaf)?;
        party.settle()?;
        Ok(Self {
            subject,
            party,
            rooms: names,
        })
    }

    /// Makes every client send its next message as soon as the last one is acknowledged.
    pub(super) fn talk(&mut self, span: Duration) -> anyhow::Result<Talk> {
        let before = self.subject.spent();
        let started = Instant::now();
        let mut meter = Meter::new(self.party.dialect(), &self.rooms, Some(started + span));
        for guest in 0..self.rooms.len() {
            say_something(&mut self.party, &self.rooms, guest)?;
        }
        let everybody = u64::try_from(self.rooms.len()).unwrap_or_default();
        while meter.silent < everybody && started.elapsed() < span + DRAIN {
            self.party.turn(&mut meter, Duration::from_millis(10))?;
        }
        let missing = everybody - meter.silent;
        self.result(meter, missing, started, before)
    }

    /// Makes the clients send in turn, at this overall rate.
    pub(super) fn converse(&mut self, rate: f64, span: Duration) -> anyhow::Result<Talk> {
        let before = self.subject.spent();
        let started = Instant::now();
        let mut meter = Meter::new(self.party.dialect(), &self.rooms, None);
        let mut pace = Pace::new(rate);
        loop {
            let now = Instant::now();
            let left = span.saturating_sub(now - started);
            if left.is_zero() {
                break;
            }
            while pace.due(now) {
                let turn = usize::try_from(pace.done()).unwrap_or_default();
                say_something(&mut self.party, &self.rooms, turn % self.rooms.len())?;
            }
            let wait = pace.wait(Instant::now()).min(left);
            self.party.turn(&mut meter, wait)?;
        }
        while meter.acks.len() < pace.done() && started.elapsed() < span + DRAIN {
            self.party.turn(&mut meter, Duration::from_millis(10))?;
        }
        let missing = pace.done() - meter.acks.len().min(pace.done());
        self.result(meter, missing, started, before)
    }

    fn result(
        &self,
        meter: Meter<'_>,
        missing: u64,
        started: Instant,
        before: Spent,
    ) -> anyhow::Result<Talk> {
        let name = self.subject.name;
        if let Some(why) = meter.refused {
            bail!("{name} refused what was said: {why}");
        }
        if missing > 0 {
            bail!("{name} left {missing} messages without an acknowledgement");
        }
        Ok(Talk {
            elapsed: meter.last.saturating_duration_since(started),
            acks: meter.acks,
            spent: self.subject.spent().since(before),
        })
    }
}

/// The results of one measurement.
pub(super) struct Talk {
    elapsed: Duration,
    pub(super) acks: Histogram,
    spent: Spent,
}

impl Talk {
    pub(super) fn acked_per_second(&self) -> f64 {
        float(self.acks.len()) / self.elapsed.as_secs_f64()
    }

    pub(super) fn server_cpu(&self) -> f64 {
        self.per_message(self.spent.server)
    }

    pub(super) fn postgres_cpu(&self) -> f64 {
        self.per_message(self.spent.postgres)
    }

    pub(super) fn others_cpu(&self) -> f64 {
        self.per_message(self.spent.others)
    }

    pub(super) fn server_and_postgres(&self) -> f64 {
        self.server_cpu() + self.postgres_cpu()
    }

    /// The share of one core that the clients used.
    pub(super) fn client_share(&self) -> f64 {
        self.spent.client / self.elapsed.as_secs_f64()
    }

    /// The CPU seconds for a hundred thousand messages.
    fn per_message(&self, seconds: f64) -> f64 {
        seconds * 1e5 / float(self.acks.len().max(1))
    }
}

fn say_something(party: &mut Party, rooms: &[String], guest: usize) -> anyhow::Result<()> {
    let text = words(party.dialect(), rooms.get(guest).map_or("", |room| room));
    party.say(guest, &text);
    party.flush(guest)
}

/// A message to send now. Its number is the time, so that nothing has to record when it was sent.
fn words(dialect: &dyn Dialect, room: &str) -> String {
    let now = stamp::nanos(Instant::now());
    dialect.send(now, room, &stamp::text(now))
}

/// Counts acknowledgements. If there is an `end`, answers each with the next message until then.
struct Meter<'a> {
    dialect: &'static dyn Dialect,
    rooms: &'a [String],
    end: Option<Instant>,
    acks: Histogram,
    /// How many clients have sent their last message.
    silent: u64,
    last: Instant,
    refused: Option<String>,
}

impl<'a> Meter<'a> {
    fn new(dialect: &'static dyn Dialect, rooms: &'a [String], end: Option<Instant>) -> Self {
        Self {
            dialect,
            rooms,
            end,
            acks: Histogram::new(),
            silent: 0,
            last: Instant::now(),
            refused: None,
        }
    }
}

impl Ear for Meter<'_> {
    fn hear(&mut self, hearing: &Hearing<'_>, voice: &mut Voice<'_>) {
        match hearing.heard {
            Heard::Acked(sent) => {
                let taken = stamp::nanos(hearing.at).saturating_sub(sent);
                self.acks.record(taken);
                self.last = hearing.at;
                match (self.end, self.rooms.get(hearing.guest)) {
                    (Some(end), Some(room)) if hearing.at < end => {
                        voice.say(words(self.dialect, room).as_bytes());
                    }
                    _ => self.silent += 1,
                }
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
            | Heard::Other => {}
        }
    }
}
