//! One room over Socket.IO, compared with the same over `/api/ws` and with Socket.IO on Node.

use super::fan_out::{climb, ratio};
use super::hall::{Hall, Seats, Speech};
use super::rounds::in_rounds;
use crate::options::{Run, World};
use crate::report::{Asked, Verdict};
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
    let title = format!("Fan-out over Socket.IO at saturation: one room, {seats}");
    let found = in_rounds(run, halls, &title, climb)?;
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
