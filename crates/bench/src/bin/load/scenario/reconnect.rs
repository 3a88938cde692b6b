//! All clients disconnect at once, miss messages, and reconnect at once, while others keep chatting.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use tertulia_client::Draft;

use super::storm::{ROOMS, Storm};
use crate::dialect::Heard;
use crate::figures::median;
use crate::histogram::Histogram;
use crate::options::{Run, World};
use crate::pace::Pace;
use crate::party::{Deaf, Ear, Guest, Hearing, Party};
use crate::report::{Asked, Table, Verdict, milliseconds, tell};
use crate::rest::Rest;
use crate::stamp;
use crate::subject::Subject;
use crate::wire::Voice;

/// How many messages each client misses.
const MISSED: usize = 20;
/// How many clients stay connected and keep chatting.
const BYSTANDERS: usize = 50;
/// How many messages a second are sent among them.
const TALK: f64 = 20.0;
/// How long the reconnect may take before the run fails.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn reconnect(
    run: &Run,
    connections: usize,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let world = run.world.unwrap_or(World::Embedded);
    let mut storm = Storm::prepare(Subject::tertulia(run, world)?, connections, BYSTANDERS)?;
    storm.come_in()?;
    let mut table = Table::new(&[
        "server",
        "s until all are whole",
        "turned away",
        "server CPU s",
        "bystanders p50 ms",
        "p99 ms",
        "p99.9 ms",
    ]);
    let (mut seconds, mut p99s) = (Vec::new(), Vec::new());
    for round in 1..=run.rounds {
        tell(&format!(
            "round {round}: {connections} connections drop and come back"
        ));
        let back = drop_and_return(&mut storm)?;
        let latency = |thousandths| milliseconds(back.bystanders.permille(thousandths));
        table.row(vec![
            storm.subject.name.to_owned(),
            format!("{:.2}", back.whole.as_secs_f64()),
            storm.party.put_off().to_string(),
            format!("{:.2}", back.cpu),
            latency(500),
            latency(990),
            latency(999),
        ]);
        seconds.push(back.whole.as_secs_f64());
        p99s.push(back.bystanders.permille(990).as_secs_f64() * 1e3);
    }
    table.print(&format!(
        "Reconnect: {connections} connections, each missed {MISSED} messages"
    ));
    let what = "reconnect: seconds until everybody is whole";
    verdict.note(what, median(seconds), Asked::AtMost(5.0));
    let what = "reconnect: p99 of bystanders meanwhile, in ms";
    verdict.note(what, median(p99s), Asked::AtMost(250.0));
    Ok(())
}

struct Back {
    whole: Duration,
    cpu: f64,
    bystanders: Histogram,
}

fn drop_and_return(storm: &mut Storm) -> anyhow::Result<Back> {
    let revs = revs(storm)?;
    storm.resume_from(|room| revs.get(room).copied());
    let mut bystanders = bystanders(storm)?;
    let room = storm.estate.room(storm.rooms()).to_owned();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (room, over_there) = (&room, &over);
        let others = scope.spawn(move || talk_on(&mut bystanders, room, over_there));
        let returned = miss_and_return(storm);
        over.store(true, Ordering::Relaxed);
        let bystanders = others.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        let (whole, cpu) = returned?;
        Ok(Back {
            whole,
            cpu,
            bystanders,
        })
    })
}

/// The last rev of each room.
fn revs(storm: &Storm) -> anyhow::Result<Vec<u64>> {
    let rest = Rest::of(storm.subject.address())?;
    (0..storm.rooms())
        .map(|room| {
            let member = storm.estate.account(Storm::member_of(room), &rest.server)?;
            let room = rest.wait(member.room(storm.estate.room(room).parse()?))?;
            Ok(room.last_rev.try_into()?)
        })
        .collect()
}

/// The clients that stay connected, all in one separate room.
fn bystanders(storm: &Storm) -> anyhow::Result<Party> {
    let room = storm.estate.room(storm.rooms());
    let dialect = storm.party.dialect();
    let guests = (0..BYSTANDERS).map(|number| Guest {
        token: storm.estate.token(storm.people() + number),
        greeting: Some(dialect.subscribe(&[(room, None)])),
    });
    let mut party = Party::new(storm.subject.address(), dialect, guests.collect())?;
    party.arrive()?;
    party.gather(&mut Deaf)?;
    Ok(party)
}

/// Sends messages until `over` is set, and returns the latencies of all deliveries.
fn talk_on(party: &mut Party, room: &str, over: &AtomicBool) -> anyhow::Result<Histogram> {
    let mut ear = Delays(Histogram::new());
    let mut pace = Pace::new(TALK);
    while !over.load(Ordering::Relaxed) {
        let now = Instant::now();
        while pace.due(now) {
            let sent = stamp::nanos(now);
            let text = party.dialect().send(sent, room, &stamp::text(sent));
            party.say(0, &text);
        }
        party.flush(0)?;
        party.turn(&mut ear, pace.wait(Instant::now()))?;
    }
    Ok(ear.0)
}

struct Delays(Histogram);

impl Ear for Delays {
    fn hear(&mut self, hearing: &Hearing<'_>, _voice: &mut Voice<'_>) {
        if let Heard::Message(sent) = hearing.heard {
            self.0.record(stamp::nanos(hearing.at).saturating_sub(sent));
        }
    }
}

/// Returns how long it took from the start of the reconnect until all clients were whole, and the CPU time.
fn miss_and_return(storm: &mut Storm) -> anyhow::Result<(Duration, f64)> {
    storm.scatter()?;
    post_what_is_missed(storm)?;
    let before = storm.subject.spent();
    let mut ear = Returned {
        heard: vec![0; storm.party.len()],
        acked: vec![false; storm.party.len()],
        whole: 0,
        last: Instant::now(),
        unkept: None,
    };
    let started = Instant::now();
    storm.party.arrive()?;
    while ear.whole < storm.party.len() {
        storm.party.turn(&mut ear, Duration::from_millis(100))?;
        let (whole, all) = (ear.whole, storm.party.len());
        if let Some(answer) = ear.unkept.take() {
            bail!("somebody was not told what they missed: {answer}");
        }
        ensure!(
            started.elapsed() < PATIENCE,
            "only {whole} of {all} are whole"
        );
    }
    let cpu = storm.subject.spent().since(before).server;
    Ok((ear.last - started, cpu))
}

fn post_what_is_missed(storm: &Storm) -> anyhow::Result<()> {
    let rest = Rest::of(storm.subject.address())?;
    for room in 0..storm.rooms() {
        let member = storm.estate.account(Storm::member_of(room), &rest.server)?;
        let room = storm.estate.room(room).parse()?;
        for _ in 0..MISSED / ROOMS {
            let text = stamp::text(stamp::nanos(Instant::now()));
            rest.wait(member.post(room, Draft::text(text)))?;
        }
    }
    Ok(())
}

/// Counts the clients that are whole: those that have received everything that they missed.
struct Returned {
    heard: Vec<usize>,
    acked: Vec<bool>,
    whole: usize,
    last: Instant,
    /// A response that shows that missed messages were not replayed.
    unkept: Option<String>,
}

impl Ear for Returned {
    fn hear(&mut self, hearing: &Hearing<'_>, _voice: &mut Voice<'_>) {
        let (Some(heard), Some(acked)) = (
            self.heard.get_mut(hearing.guest),
            self.acked.get_mut(hearing.guest),
        ) else {
            return;
        };
        let news = match hearing.heard {
            Heard::Message(_) => {
                *heard += 1;
                *acked && *heard == MISSED
            }
            Heard::Subscribed(answer) => {
                *acked = true;
                let short = *heard < MISSED && !says_everything(answer);
                if short {
                    self.unkept = Some(String::from_utf8_lossy(answer).into_owned());
                }
                *heard >= MISSED
            }
            Heard::Refused(answer) => {
                self.unkept = Some(String::from_utf8_lossy(answer).into_owned());
                false
            }
            Heard::Expects(_) | Heard::Ready | Heard::Acked(_) | Heard::Later(_) | Heard::Other => {
                false
            }
        };
        if news {
            self.whole += 1;
            self.last = hearing.at;
        }
    }
}

/// Whether an acknowledgement says that all rooms were replayed in full.
fn says_everything(answer: &[u8]) -> bool {
    let has = |name: &str| memchr::memmem::find(answer, name.as_bytes()).is_some();
    !has(r#""reset":true"#) && !has(r#""code":"#)
}
