//! One room, told over Socket.IO: beside the same over `/api/ws`, and beside Socket.IO on Node.

use super::fan_out::{COLUMNS, climb, ratio, row};
use super::hall::{Hall, Seats, Speech};
use crate::options::{Run, World};
use crate::report::{Asked, Table, Verdict, tell};
use crate::subject::Subject;

pub(crate) fn vocabularies(run: &Run, seats: Seats, verdict: &mut Verdict) -> anyhow::Result<()> {
    let world = run.world.unwrap_or(World::Embedded);
    let mut halls = Vec::new();
    if run.measures_tertulia() {
        halls.push(Hall::open(
            Subject::tertulia_by_socket_io(run, world)?,
            seats,
        )?);
        halls.push(Hall::open(Subject::tertulia(run, world)?, seats)?);
    }
    if run.measures_peers() {
        halls.push(Hall::open(Subject::socket_io()?, seats)?);
    }
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
    table.print(&format!(
        "Fan-out over Socket.IO at saturation: one room, {seats}"
    ));
    if let [ours, native, node] = found.as_slice() {
        verdict.note(
            "Socket.IO: its CPU per delivery, in that of /api/ws",
            ratio(ours, native, Speech::cpu_per_million),
            Asked::AtMost(2.0),
        );
        verdict.note(
            "Socket.IO: our CPU per delivery, in Node's",
            ratio(ours, node, Speech::cpu_per_million),
            Asked::AtMost(0.1),
        );
    }
    Ok(())
}
