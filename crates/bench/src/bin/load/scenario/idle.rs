//! Idle connections, and the memory that each takes: at first, and after several mass reconnects.

use std::time::Instant;

use super::storm::{ROOMS, Storm};
use crate::figures::{float, many};
use crate::options::{Run, World};
use crate::report::{Asked, Table, Verdict, tell};
use crate::subject::Subject;

/// How often all of them disconnect and reconnect.
const STORMS: usize = 3;

pub(crate) fn idle(run: &Run, connections: usize, verdict: &mut Verdict) -> anyhow::Result<()> {
    let mut table = Table::new(&[
        "server",
        "MiB empty",
        "KiB each",
        "after 1 storm",
        "after 2",
        "after 3",
        "s to come in",
        "CPU µs each",
        "turned away",
    ]);
    if run.measures_tertulia() {
        let world = run.world.unwrap_or(World::Embedded);
        let found = sit(Subject::tertulia(run, world)?, connections, &mut table)?;
        let (first, last) = (found.first(), found.last());
        for (when, kibibytes) in [("at first", first), ("after three mass reconnects", last)] {
            let what = format!("idle: KiB for each connection {when}");
            verdict.note(
                &what,
                kibibytes.copied().unwrap_or(f64::NAN),
                Asked::AtMost(20.0),
            );
        }
    }
    if run.measures_peers() {
        sit(Subject::socket_io()?, connections, &mut table)?;
    }
    table.print(&format!(
        "Idle: {connections} connections, each in {ROOMS} rooms"
    ));
    Ok(())
}

/// Returns how many KiB each connection takes, at first and after each storm.
fn sit(subject: Subject, connections: usize, table: &mut Table) -> anyhow::Result<Vec<f64>> {
    let mut storm = Storm::prepare(subject, connections, 0)?;
    let empty = storm.subject.resident()?;
    let mut each = Vec::new();
    let (mut seconds, mut cpu, mut put_off) = (0.0, 0.0, 0);
    for round in 0..=STORMS {
        tell(&format!(
            "{}: {connections} connections",
            storm.subject.name
        ));
        let (before, started) = (storm.subject.spent(), Instant::now());
        storm.come_in()?;
        if round == 0 {
            seconds = started.elapsed().as_secs_f64();
            cpu = storm.subject.spent().since(before).server;
        }
        let more = storm.subject.resident()?.saturating_sub(empty);
        each.push(float(more) / 1024.0 / many(connections));
        put_off += storm.party.put_off();
        storm.scatter()?;
    }
    let mut row = vec![
        storm.subject.name.to_owned(),
        format!("{:.1}", float(empty) / 1_048_576.0),
    ];
    row.extend(each.iter().map(|kibibytes| format!("{kibibytes:.1}")));
    row.push(format!("{seconds:.1}"));
    row.push(format!("{:.0}", cpu * 1e6 / many(connections)));
    row.push(put_off.to_string());
    table.row(row);
    Ok(each)
}
