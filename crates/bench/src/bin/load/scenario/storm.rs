//! Thousands of connections, each in five rooms, with many devices per user.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::dialect::Dialect;
use crate::party::{Deaf, Guest, Party};
use crate::report::tell;
use crate::subject::{Estate, Plan, Subject};

/// The number of connections that one user may have.
const DEVICES: usize = 20;
/// The number of members of each room.
const MEMBERS: usize = 50;
/// The number of rooms that each user belongs to.
pub(super) const ROOMS: usize = 5;
/// How long a server may take to notice that connections were closed.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many more files the server may have opened for itself in the meantime.
const FILES: usize = 100;

/// A server, and idle clients for it.
pub(super) struct Storm {
    pub(super) subject: Subject,
    pub(super) party: Party,
    pub(super) estate: Estate,
    people: usize,
    /// How many files the server has open without clients, plus a margin.
    files: usize,
}

impl Storm {
    /// Prepares this many connections, and `bystanders` more users, who are members of one additional room.
    pub(super) fn prepare(
        subject: Subject,
        connections: usize,
        bystanders: usize,
    ) -> anyhow::Result<Self> {
        let people = connections.div_ceil(DEVICES);
        tell(&format!("{}: {people} people move in", subject.name));
        let mut rooms = Vec::new();
        for block in (0..people).step_by(MEMBERS) {
            let members: Vec<usize> = (block..people.min(block + MEMBERS)).collect();
            rooms.extend(vec![members; ROOMS]);
        }
        if bystanders > 0 {
            rooms.push((people..people + bystanders).collect());
        }
        let estate = subject.settle(&Plan {
            people: people + bystanders,
            rooms,
        })?;
        let guests = (0..connections).map(|guest| Guest {
            token: estate.token(guest / DEVICES),
            greeting: None,
        });
        let party = Party::new(subject.address(), subject.dialect, guests.collect())?;
        let files = subject.open_files()? + FILES;
        let mut storm = Self {
            subject,
            party,
            estate,
            people,
            files,
        };
        storm.resume_from(|_| None);
        Ok(storm)
    }

    pub(super) fn people(&self) -> usize {
        self.people
    }

    /// The numbers of a guest's rooms.
    pub(super) fn rooms_of(guest: usize) -> std::ops::Range<usize> {
        let first = guest / DEVICES / MEMBERS * ROOMS;
        first..first + ROOMS
    }

    /// The number of rooms, without that of the bystanders.
    pub(super) fn rooms(&self) -> usize {
        self.people.div_ceil(MEMBERS) * ROOMS
    }

    /// A member of a room.
    pub(super) fn member_of(room: usize) -> usize {
        room / ROOMS * MEMBERS
    }

    /// Sets the rev of each room from which clients will resume when they connect again.
    pub(super) fn resume_from(&mut self, since: impl Fn(usize) -> Option<u64>) {
        let dialect: &dyn Dialect = self.party.dialect();
        for guest in 0..self.party.len() {
            let rooms = Self::rooms_of(guest);
            let rooms: Vec<_> = rooms.map(|it| (self.estate.room(it), since(it))).collect();
            let greeting = dialect.subscribe(&rooms);
            self.party.greet_with(guest, greeting);
        }
    }

    /// Connects all clients, and waits until nothing more arrives.
    pub(super) fn come_in(&mut self) -> anyhow::Result<()> {
        self.party.arrive()?;
        let name = self.subject.name;
        self.party.gather(&mut Deaf).with_context(|| {
            format!(
                "{name}: not everybody came in; its log:\n{}",
                self.subject.log()
            )
        })?;
        self.party.settle()
    }

    /// Drops all connections at once, and waits until the server has noticed. Until then they would count
    /// against the number of connections that a user may have.
    pub(super) fn scatter(&mut self) -> anyhow::Result<()> {
        self.party.scatter();
        let started = Instant::now();
        while self.subject.open_files()? > self.files {
            ensure!(
                started.elapsed() < PATIENCE,
                "the server keeps closed connections"
            );
            sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}
