//! Measures several halls alternately, and prints the results.

use std::time::Duration;

use super::hall::{Hall, Speech};
use crate::options::Run;
use crate::report::{Table, milliseconds, remark, tell, thousands};

/// The columns of the table.
const COLUMNS: [&str; 10] = [
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
/// Measures each of these halls once per round, and prints the results.
pub(super) fn in_rounds(
    run: &Run,
    mut halls: Vec<Hall>,
    title: &str,
    speak: impl Fn(&mut Hall, Duration) -> anyhow::Result<Speech>,
) -> anyhow::Result<Vec<Vec<Speech>>> {
    let mut found: Vec<Vec<Speech>> = halls.iter().map(|_| Vec::new()).collect();
    for round in 1..=run.rounds {
        for (hall, found) in halls.iter_mut().zip(&mut found) {
            tell(&format!("round {round}: {}", hall.subject.name));
            hall.fill()?;
            found.push(speak(hall, run.span())?);
            hall.empty();
        }
    }
    let mut table = Table::new(&COLUMNS);
    for (hall, rounds) in halls.iter().zip(&found) {
        for speech in rounds {
            table.row(row(hall.subject.name, speech));
        }
    }
    table.print(title);
    for (hall, rounds) in halls.iter().zip(&found) {
        if rounds.iter().any(Speech::client_was_busy) {
            let name = hall.subject.name;
            remark(&format!(
                "the client was the bottleneck of {name}: it is faster than this"
            ));
        }
    }
    Ok(found)
}

fn row(name: &str, speech: &Speech) -> Vec<String> {
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
