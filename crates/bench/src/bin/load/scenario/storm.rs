//! Thousands of connections, each in five rooms: somebody on many devices, over and over.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::dialect::Dialect;
use crate::party::{Deaf, Guest, Party};
use crate::report::tell;
use crate::subject::{Estate, Plan, Subject};

/// As many connections as one person may have.
const DEVICES: usize = 20;
/// Who belongs to one room.
const MEMBERS: usize = 50;
/// To how many rooms everybody belongs.
pub(super) const ROOMS: usize = 5;
/// How long a server may take for closed connections to be gone.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a server may have opened for itself in the meantime.
const FILES: usize = 100;

/// A server with connections on which nothing happens yet.
pub(super) struct Storm {
    pub(super) subject: Subject,
    pub(super) party: Party,
    pub(super) estate: Estate,
    people: usize,
    /// What the server has open when nobody is there, or a little more.
    files: usize,
}

impl Storm {
    /// Prepares so many connections, and some more people who belong to the room after the last.
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

    /// The numbers of the rooms of a guest.
    pub(super) fn rooms_of(guest: usize) -> std::ops::Range<usize> {
        let first = guest / DEVICES / MEMBERS * ROOMS;
        first..first + ROOMS
    }

    /// How many rooms there are, without that of the bystanders.
    pub(super) fn rooms(&self) -> usize {
        self.people.div_ceil(MEMBERS) * ROOMS
    }

    /// Somebody who belongs to a room.
    pub(super) fn member_of(room: usize) -> usize {
        room / ROOMS * MEMBERS
    }

    /// Says what everybody knows of each room when they come in again.
    pub(super) fn resume_from(&mut self, since: impl Fn(usize) -> Option<u64>) {
        let dialect: &dyn Dialect = self.party.dialect();
        for guest in 0..self.party.len() {
            let rooms = Self::rooms_of(guest);
            let rooms: Vec<_> = rooms.map(|it| (self.estate.room(it), since(it))).collect();
            let greeting = dialect.subscribe(&rooms);
            self.party.greet_with(guest, greeting);
        }
    }

    /// Has everybody come in, and waits until it is quiet.
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

    /// Drops everybody at once, and waits until the server has noticed: nobody may have more than so many
    /// connections, and those that it takes for open count.
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
