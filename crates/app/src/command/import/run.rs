//! Runs the command.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use domain::port::cursors::CursorMove;
use domain::{RoomId, Seq, UserId};
use indicatif::{ProgressBar, ProgressStyle};

use super::journal::Journal;
use super::people::People;
use super::rooms::{Brought, Rooms};
use super::scan::Scan;
use super::slack::{Archive, Channel, Markup};
use super::talk::{Talk, Tally};
use crate::keys::Keys;
use crate::server::runtime;
use crate::settings::{Settings, Store};
use crate::wiring::House;

/// How many messages are stored at once.
const TOGETHER: usize = 200;

/// Where it comes from.
#[derive(Clone, Debug, Subcommand)]
pub enum Source {
    /// An export of Slack, unpacked.
    Slack {
        /// The folder with users.json in it.
        folder: PathBuf,
    },
}

/// The result of an import.
#[derive(Debug, Default)]
struct Sum {
    people: usize,
    tally: Tally,
    /// The names of channels whose rooms have been deleted since they were imported.
    deleted: Vec<String>,
}

/// Imports everything that is not there yet.
pub(in crate::command) fn run(settings: &Settings, source: &Source) -> anyhow::Result<ExitCode> {
    if settings.store() == Store::Memory {
        bail!("storage.memory is set: the import would not be kept");
    }
    let Source::Slack { folder } = source;
    let archive = Archive::open(folder)?;
    let scan = Scan::of(&archive)?;
    let keys = Keys::find(settings)?;
    let sum = runtime()?.block_on(async {
        let house = House::build(settings, &keys).await?;
        let journal = Journal::open(&settings.data_dir)?;
        let import = Import {
            house: &house,
            archive: &archive,
            journal: &journal,
            scan: &scan,
        };
        let brought = import.run().await;
        house.close().await;
        brought.context("the import is incomplete: run it again, and it continues from there")
    })?;
    sum.tell(folder)?;
    Ok(ExitCode::SUCCESS)
}

struct Import<'a> {
    house: &'a House,
    archive: &'a Archive,
    journal: &'a Journal,
    scan: &'a Scan,
}

impl Import<'_> {
    async fn run(&self) -> anyhow::Result<Sum> {
        let mut markup = Markup::default();
        for channel in &self.archive.channels {
            let name = channel.name.clone();
            let named = name.map(|name| (channel.id.clone(), name));
            markup.channels.extend(named);
        }
        let users = &self.scan.users;
        let people = People::bring(self.house, self.journal, users, &mut markup).await?;
        let bar = bar(self.scan.messages);
        let mut sum = Sum {
            people: people.made,
            ..Sum::default()
        };
        for channel in &self.archive.channels {
            bar.set_message(channel.name.clone().unwrap_or_default());
            self.channel(channel, &people, &markup, (&mut sum, &bar))
                .await?;
        }
        bar.finish_and_clear();
        Ok(sum)
    }

    async fn channel(
        &self,
        channel: &Channel,
        people: &People,
        markup: &Markup,
        (sum, bar): (&mut Sum, &ProgressBar),
    ) -> anyhow::Result<()> {
        let before = self.journal.progress(channel)?;
        let rooms = Rooms {
            house: self.house,
            people,
            markup,
            scan: self.scan,
        };
        let (room, members) = match rooms.bring(channel, before.as_ref()).await? {
            Brought::Room(room, members) => (room, members),
            Brought::OfNobody => return Ok(()),
            Brought::Deleted => {
                sum.deleted
                    .push(channel.name.clone().unwrap_or_else(|| channel.id.clone()));
                return Ok(());
            }
        };
        let mut progress = before.unwrap_or_default();
        progress.members.clone_from(&channel.members);
        self.journal.keep(channel, &progress)?;
        let mut talk = Talk {
            house: self.house,
            people,
            markup,
            channel,
            room,
            members: members.iter().copied().collect::<HashSet<_>>(),
            complete: progress.up_to.clone(),
            seen: BTreeSet::new(),
            next: Seq::ZERO.next(),
        };
        for day in self.archive.days(channel)? {
            for some in Archive::said(&day)?.chunks(TOGETHER) {
                talk.bring(some, &mut sum.tally).await?;
                let last = some.last().map(|said| said.ts.clone());
                progress.up_to = progress.up_to.max(last);
                self.journal.keep(channel, &progress)?;
                bar.inc(u64::try_from(some.len()).unwrap_or_default());
            }
        }
        // So that nobody finds years of unread messages on their first day.
        let read = talk.next.get().saturating_sub(1);
        if read > progress.read {
            self.all_read(room, &members, read).await?;
            progress.read = read;
            self.journal.keep(channel, &progress)?;
        }
        Ok(())
    }

    async fn all_read(&self, room: RoomId, members: &[UserId], up_to: i64) -> anyhow::Result<()> {
        let place = Seq::new(up_to);
        for user in members {
            let change = CursorMove {
                room,
                user: *user,
                read: place,
                delivered: place,
            };
            self.house.ports.cursors.advance(&change).await?;
        }
        Ok(())
    }
}

impl Sum {
    fn tell(&self, folder: &Path) -> anyhow::Result<()> {
        let Tally {
            brought,
            known,
            reactions_lost,
        } = self.tally;
        let people = self.people;
        let mut out = io::stdout();
        let mut say = |line: String| writeln!(out, "{line}").context("standard output is closed");
        let folder = folder.display();
        say(format!(
            "{folder} is in: {people} new accounts, {brought} new messages"
        ))?;
        if known > 0 {
            say(format!("{known} messages were there already"))?;
        }
        if reactions_lost > 0 {
            say(format!(
                "{reactions_lost} reactions were left out: their emoji or people are unknown here"
            ))?;
        }
        for name in &self.deleted {
            say(format!("{name} was left out: its room was deleted here"))?;
        }
        if people > 0 {
            let command = "`tertulia reset-password <email>`";
            say(format!(
                "the new accounts have unknown passwords: {command} resets one"
            ))?;
        }
        Ok(())
    }
}

/// Only shown on a terminal.
fn bar(total: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} {eta} {msg}");
    ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
