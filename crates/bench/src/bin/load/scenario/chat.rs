//! One room at the rate of a lively conversation, where every delivery is a write of its own.

use std::time::Duration;

use super::fan_out::{ratio, row};
use super::hall::{Hall, Seats, Speech};
use crate::figures::median;
use crate::options::Run;
use crate::report::{Asked, Table, Verdict, tell};

/// What everything costs the first time is not what is measured.
const WARM_UP: Duration = Duration::from_secs(1);

pub(crate) fn chat(
    run: &Run,
    seats: Seats,
    rate: f64,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let mut halls = Hall::all(run, seats)?;
    let mut found: Vec<Vec<Speech>> = halls.iter().map(|_| Vec::new()).collect();
    for round in 1..=run.rounds {
        for (hall, found) in halls.iter_mut().zip(&mut found) {
            tell(&format!("round {round}: {}", hall.subject.name));
            hall.speak(rate, WARM_UP)?;
            found.push(hall.speak(rate, run.span())?);
        }
    }
    let mut table = Table::new(&[
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
    ]);
    for (hall, rounds) in halls.iter().zip(&found) {
        for speech in rounds {
            table.row(row(hall.subject.name, speech));
        }
    }
    table.print(&format!(
        "A conversation: one room, {seats}, {rate:.0} messages/s"
    ));
    if let [ours, socket_io, bare] = found.as_slice() {
        let dearer = ratio(ours, bare, Speech::cpu_per_million);
        verdict.note(
            "chat: our CPU per delivery, in the bare loop's",
            dearer,
            Asked::AtMost(1.5),
        );
        let cheaper = ratio(ours, socket_io, Speech::cpu_per_million);
        verdict.note(
            "chat: our CPU per delivery, in Socket.IO's",
            cheaper,
            Asked::AtMost(0.6),
        );
    }
    if let Some(ours) = found.first().filter(|_| run.measures_tertulia()) {
        let p99 = median(
            ours.iter()
                .map(|it| it.latencies.permille(990).as_secs_f64() * 1e3),
        );
        verdict.note(
            "chat: p99 of our deliveries, in ms",
            p99,
            Asked::AtMost(15.0),
        );
    }
    Ok(())
}
