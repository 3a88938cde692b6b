//! One room, one who speaks, a thousand who listen: how much can be said until it comes late, and what it
//! costs then.

use std::time::Duration;

use super::hall::{Hall, Seats, Speech};
use crate::figures::median;
use crate::options::Run;
use crate::report::{Asked, Table, Verdict, milliseconds, remark, tell, thousands};

/// Later than this is too late.
const LATE: Duration = Duration::from_millis(100);
/// Words a second to begin with.
const FIRST: f64 = 40.0;
/// What is told of each speech.
pub(super) const COLUMNS: [&str; 10] = [
    "server",
    "messages/s",
    "deliveries/s",
    "bytes each",
    "CPU s per 1M",
    "postgres s per 1M",
    "p50 ms",
    "p99 ms",
    "p99.9 ms",
    "client's core",
];
/// Nobody has so much to say.
const MOST: f64 = 100_000.0;
/// How often the gap between what went well and what did not is halved.
const FINER: usize = 3;

pub(crate) fn fan_out(run: &Run, seats: Seats, verdict: &mut Verdict) -> anyhow::Result<()> {
    let mut halls = Hall::all(run, seats)?;
    let mut found: Vec<Vec<Speech>> = halls.iter().map(|_| Vec::new()).collect();
    for round in 1..=run.rounds {
        for (hall, found) in halls.iter_mut().zip(&mut found) {
            tell(&format!("round {round}: {}", hall.subject.name));
            found.push(climb(hall, run.span())?);
        }
    }
    let mut table = Table::new(&COLUMNS);
    for (hall, rounds) in halls.iter().zip(&found) {
        for speech in rounds {
            table.row(row(hall.subject.name, speech));
        }
    }
    table.print(&format!("Fan-out at saturation: one room, {seats}"));
    for (hall, rounds) in halls.iter().zip(&found) {
        if rounds.iter().any(Speech::client_was_busy) {
            let name = hall.subject.name;
            remark(&format!(
                "the client was the bottleneck of {name}: it is faster than this"
            ));
        }
    }
    if let [ours, socket_io, bare] = found.as_slice() {
        compare(ours, socket_io, bare, verdict);
    }
    Ok(())
}

fn compare(ours: &[Speech], socket_io: &[Speech], bare: &[Speech], verdict: &mut Verdict) {
    let cheaper = ratio(socket_io, ours, Speech::cpu_per_million);
    verdict.note(
        "fan-out: Socket.IO's CPU per delivery, in ours",
        cheaper,
        Asked::AtLeast(40.0),
    );
    let dearer = ratio(ours, bare, Speech::cpu_per_million);
    verdict.note(
        "fan-out: our CPU per delivery, in the bare loop's",
        dearer,
        Asked::AtMost(6.0),
    );
    let faster = ratio(ours, socket_io, Speech::deliveries_per_second);
    verdict.note(
        "fan-out: our deliveries/s, in Socket.IO's",
        faster,
        Asked::AtLeast(30.0),
    );
}

/// The median of the rounds' own ratios: what a noisy neighbour does to one round it does to both.
pub(super) fn ratio(over: &[Speech], under: &[Speech], of: impl Fn(&Speech) -> f64) -> f64 {
    median(
        over.iter()
            .zip(under)
            .map(|(over, under)| of(over) / of(under)),
    )
}

pub(super) fn row(name: &str, speech: &Speech) -> Vec<String> {
    let latency = |thousandths| milliseconds(speech.latencies.permille(thousandths));
    let deliveries = speech.deliveries_per_second() * speech.elapsed.as_secs_f64();
    vec![
        name.to_owned(),
        thousands(speech.rate),
        thousands(speech.deliveries_per_second()),
        format!("{:.0}", speech.bytes),
        format!("{:.3}", speech.cpu_per_million()),
        format!("{:.3}", speech.spent.postgres * 1e6 / deliveries.max(1.0)),
        latency(500),
        latency(990),
        latency(999),
        format!("{:.0} %", speech.client_share() * 100.0),
    ]
}

/// Doubles the rate until it is too much, and then looks closer.
pub(super) fn climb(hall: &mut Hall, span: Duration) -> anyhow::Result<Speech> {
    let mut rate = FIRST;
    let mut best = hall.speak(rate, span)?;
    let mut too_much = None;
    while too_much.is_none() && rate < MOST {
        rate *= 2.0;
        step(hall, rate, span, &mut best, &mut too_much)?;
    }
    for _ in 0..FINER {
        if let Some(limit) = too_much {
            rate = (best.rate * limit).sqrt();
            step(hall, rate, span, &mut best, &mut too_much)?;
        }
    }
    Ok(best)
}

fn step(
    hall: &mut Hall,
    rate: f64,
    span: Duration,
    best: &mut Speech,
    too_much: &mut Option<f64>,
) -> anyhow::Result<()> {
    let speech = hall.speak(rate, span)?;
    let p99 = speech.latencies.permille(990);
    let good = speech.lost < 0.5 && p99 < LATE;
    tell(&format!(
        "{} messages/s: p99 {} ms, {} lost",
        thousands(rate),
        milliseconds(p99),
        thousands(speech.lost)
    ));
    if good {
        *best = speech;
    } else {
        *too_much = Some(rate);
    }
    Ok(())
}
