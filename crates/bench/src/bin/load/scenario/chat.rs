//! One room at the rate of a lively conversation, where every delivery is a separate write.

use std::time::Duration;

use super::fan_out::ratio;
use super::hall::{Hall, Seats, Speech};
use super::rounds::in_rounds;
use crate::figures::median;
use crate::options::Run;
use crate::report::{Asked, Verdict};

/// One-off costs are not measured.
const WARM_UP: Duration = Duration::from_secs(1);

pub(crate) fn chat(
    run: &Run,
    seats: Seats,
    rate: f64,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let halls = Hall::all(run, seats)?;
    let title = format!("A conversation: one room, {seats}, {rate:.0} messages/s");
    let found = in_rounds(run, halls, &title, |hall, span| {
        hall.speak(rate, WARM_UP)?;
        hall.speak(rate, span)
    })?;
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
