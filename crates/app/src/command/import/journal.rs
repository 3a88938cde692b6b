//! The progress of imports, in the data folder.
//!
//! The store knows which messages exist. The journal records what it cannot know: whether a missing
//! reaction was never imported or has been removed since, and who was in a channel already. Without
//! the journal nothing is lost or duplicated, but whatever people have removed since comes back.

use std::collections::HashMap;
use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::slack::{Channel, Moment};

/// The journal's folder.
#[derive(Debug)]
pub(super) struct Journal(PathBuf);

/// The ids here of people, by their ids there.
pub(super) type Known = HashMap<String, uuid::Uuid>;

/// How far a channel was imported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Progress {
    /// Everything up to this message is imported, with all that belongs to it.
    pub(super) up_to: Option<Moment>,
    /// Everything up to this seq was marked as read by everybody.
    pub(super) read: i64,
    /// The members of the channel, by their ids there.
    pub(super) members: Vec<String>,
}

impl Journal {
    pub(super) fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join("imports").join("slack");
        let mut maker = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
        let made = maker.recursive(true).create(&folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self(folder))
    }

    pub(super) fn people(&self) -> anyhow::Result<Known> {
        Ok(read(&self.0.join("people.json"))?.unwrap_or_default())
    }

    pub(super) fn keep_people(&self, people: &Known) -> anyhow::Result<()> {
        self.write("people.json", people)
    }

    /// `None` for a channel whose import was never begun.
    pub(super) fn progress(&self, channel: &Channel) -> anyhow::Result<Option<Progress>> {
        read(&self.0.join(file(channel)))
    }

    pub(super) fn keep(&self, channel: &Channel, progress: &Progress) -> anyhow::Result<()> {
        self.write(&file(channel), progress)
    }

    /// Writes a file atomically.
    fn write(&self, name: &str, contents: &impl Serialize) -> anyhow::Result<()> {
        let path = self.0.join(name);
        let write = || -> io::Result<()> {
            let mut new = NamedTempFile::new_in(&self.0)?;
            serde_json::to_writer(&mut new, contents)?;
            new.as_file().sync_data()?;
            new.persist(&path).map_err(|lost| lost.error)?;
            Ok(())
        };
        write().with_context(|| format!("{} cannot be written", path.display()))
    }
}

fn file(channel: &Channel) -> String {
    format!("channel-{}.json", channel.id)
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Option<T>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
    };
    let text = io::read_to_string(file);
    let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
    let contents = serde_json::from_str(&text).with_context(|| {
        let path = path.display();
        format!(
            "{path} is damaged: delete it, and what was taken back since the import comes again"
        )
    })?;
    Ok(Some(contents))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Channel {
        serde_json::from_str(r#"{"id":"C1"}"#).unwrap()
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        assert_eq!(journal.progress(&channel()).unwrap(), None);
        let progress = Progress {
            up_to: Moment::parse("1.000200"),
            read: 7,
            members: vec!["U1".to_owned()],
        };
        journal.keep(&channel(), &progress).unwrap();
        let again = Journal::open(folder.path()).unwrap();
        assert_eq!(again.progress(&channel()).unwrap(), Some(progress));
    }

    #[test]
    fn what_is_damaged_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        let path = folder.path().join("imports/slack/people.json");
        std::fs::write(&path, "{").unwrap();
        let told = format!("{:#}", journal.people().unwrap_err());
        assert!(told.contains("people.json is damaged"), "{told}");
    }
}
