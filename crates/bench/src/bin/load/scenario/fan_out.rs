//! One room, one sender, a thousand listeners: the highest rate at which deliveries are in time, and what it
//! costs.

use std::time::Duration;

use super::hall::{Hall, Seats, Speech};
use super::rounds::in_rounds;
use crate::figures::median;
use crate::options::Run;
use crate::report::{Asked, Verdict, milliseconds, tell, thousands};

/// The p99 latency at which deliveries count as late.
const LATE: Duration = Duration::from_millis(100);
/// The first rate, in messages a second.
const FIRST: f64 = 40.0;
/// The search ends at this rate.
const MOST: f64 = 100_000.0;
/// How often the interval between the last rate that was sustained and the first that was not is halved.
const FINER: usize = 3;
/// How often a rate is tried before it counts as too high: one failure may be due to a noisy neighbour.
const TRIES: usize = 2;

pub(crate) fn fan_out(run: &Run, seats: Seats, verdict: &mut Verdict) -> anyhow::Result<()> {
    let halls = Hall::all(run, seats)?;
    let title = format!("Fan-out at saturation: one room, {seats}");
    let found = in_rounds(run, halls, &title, climb)?;
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

/// The median of the ratios of each round: a noisy neighbour affects both servers in a round alike.
pub(super) fn ratio(over: &[Speech], under: &[Speech], of: impl Fn(&Speech) -> f64) -> f64 {
    median(
        over.iter()
            .zip(under)
            .map(|(over, under)| of(over) / of(under)),
    )
}

/// Doubles the rate until it is too high, and then narrows it down.
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
    for _ in 0..TRIES {
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
            return Ok(());
        }
    }
    *too_much = Some(rate);
    Ok(())
}
