//! Many rooms of five, where every message is stored before it is acknowledged.

use std::time::Duration;

use super::neighbourhood::{Neighbourhood, Talk};
use crate::figures::median;
use crate::options::{Run, World};
use crate::report::{Asked, Table, Verdict, milliseconds, tell, thousands};
use crate::subject::Subject;

const WARM_UP: Duration = Duration::from_secs(1);

/// A server, and its results in each round: at saturation, and at half of that rate.
struct Found {
    place: Neighbourhood,
    world: Option<World>,
    rounds: Vec<(Talk, Talk)>,
}

pub(crate) fn many_rooms(run: &Run, rooms: usize, verdict: &mut Verdict) -> anyhow::Result<()> {
    let mut all = open(run, rooms)?;
    for round in 1..=run.rounds {
        for found in &mut all {
            tell(&format!("round {round}: {}", found.place.subject.name));
            found.place.talk(WARM_UP)?;
            let full = found.place.talk(run.span())?;
            let half = found
                .place
                .converse(full.acked_per_second() / 2.0, run.span())?;
            found.rounds.push((full, half));
        }
    }
    print(&all, rooms);
    let peer = all.iter().find(|found| found.world.is_none());
    for found in &all {
        if let Some(world) = found.world {
            compare(
                world,
                &found.rounds,
                peer.map(|peer| peer.rounds.as_slice()),
                verdict,
            );
        }
    }
    Ok(())
}

fn open(run: &Run, rooms: usize) -> anyhow::Result<Vec<Found>> {
    let mut all = Vec::new();
    let mut add = |subject: Subject, world| -> anyhow::Result<()> {
        all.push(Found {
            place: Neighbourhood::open(subject, rooms)?,
            world,
            rounds: Vec::new(),
        });
        Ok(())
    };
    for world in [World::Production, World::Embedded] {
        if run.world.is_none_or(|chosen| chosen == world) && run.measures_tertulia() {
            add(Subject::tertulia(run, world)?, Some(world))?;
        }
    }
    if run.measures_peers() {
        add(Subject::socket_io_on_postgres()?, None)?;
    }
    Ok(all)
}

fn print(all: &[Found], rooms: usize) {
    let mut table = Table::new(&[
        "server",
        "acked/s",
        "server s per 100k",
        "postgres",
        "others",
        "p50 ms",
        "p99 ms",
        "at half: p50 ms",
        "p99 ms",
        "p99.9 ms",
        "client's core",
    ]);
    for found in all {
        for (full, half) in &found.rounds {
            let latency = |talk: &Talk, part| milliseconds(talk.acks.permille(part));
            table.row(vec![
                found.place.subject.name.to_owned(),
                thousands(full.acked_per_second()),
                format!("{:.2}", full.server_cpu()),
                format!("{:.2}", full.postgres_cpu()),
                format!("{:.2}", full.others_cpu()),
                latency(full, 500),
                latency(full, 990),
                latency(half, 500),
                latency(half, 990),
                latency(half, 999),
                format!("{:.0} %", full.client_share() * 100.0),
            ]);
        }
    }
    table.print(&format!(
        "Many rooms: {rooms} of five, every message stored before its ack"
    ));
}

fn compare(
    world: World,
    ours: &[(Talk, Talk)],
    peer: Option<&[(Talk, Talk)]>,
    verdict: &mut Verdict,
) {
    let (place, times) = match world {
        World::Production => ("production", 5.0),
        World::Embedded => ("embedded", 3.0),
    };
    if let Some(peer) = peer {
        let ratio = |of: fn(&Talk) -> f64| {
            median(
                ours.iter()
                    .zip(peer)
                    .map(|((ours, _), (peer, _))| of(ours) / of(peer)),
            )
        };
        let what = format!("many rooms, {place}: our acked/s, in Socket.IO's");
        verdict.note(&what, ratio(Talk::acked_per_second), Asked::AtLeast(times));
        if world == World::Production {
            let what = "many rooms, production: server's and Postgres' CPU, in Socket.IO's";
            verdict.note(what, ratio(Talk::server_and_postgres), Asked::AtMost(0.25));
        }
    }
    if world == World::Production {
        let p99 = |(_, half): &(Talk, Talk)| half.acks.permille(990).as_secs_f64() * 1e3;
        let what = "many rooms, production: p99 of the ack at half of saturation, in ms";
        verdict.note(what, median(ours.iter().map(p99)), Asked::AtMost(30.0));
    }
}
