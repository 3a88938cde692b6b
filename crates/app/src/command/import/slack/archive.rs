//! The folder of an export.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use serde::de::DeserializeOwned;

use super::shapes::{Channel, Kind, Said, User};

/// The largest file that is read. Files are read whole; a busy channel's day has a hundredth of
/// this.
const LARGEST: u64 = 512 * 1024 * 1024;

/// An unpacked export.
#[derive(Debug)]
pub(in crate::command::import) struct Archive {
    folder: PathBuf,
    pub(in crate::command::import) users: Vec<User>,
    pub(in crate::command::import) channels: Vec<Channel>,
}

/// The lists of channels. Only exports of whole workspaces have all of them.
const LISTS: [(&str, Kind); 4] = [
    ("channels.json", Kind::Public),
    ("groups.json", Kind::Private),
    ("mpims.json", Kind::Group),
    ("dms.json", Kind::Direct),
];

impl Archive {
    pub(in crate::command::import) fn open(folder: &Path) -> anyhow::Result<Self> {
        if folder.extension().is_some_and(|kind| kind == "zip") {
            bail!(
                "{} is packed: unpack it, and name the folder",
                folder.display()
            );
        }
        let users = read(&folder.join("users.json"))?.with_context(|| {
            let folder = folder.display();
            format!("there is no users.json in {folder}: is it an export of Slack?")
        })?;
        let mut channels = Vec::new();
        for (name, kind) in LISTS {
            let path = folder.join(name);
            let listed: Option<Vec<Channel>> = read(&path)?;
            for channel in listed.into_iter().flatten() {
                channels.push(checked(channel, kind, &path)?);
            }
        }
        if channels.is_empty() {
            bail!("there are no channels in {}", folder.display());
        }
        Ok(Self {
            folder: folder.to_owned(),
            users,
            channels,
        })
    }

    /// The files of a channel, one for each day, in chronological order.
    pub(in crate::command::import) fn days(
        &self,
        channel: &Channel,
    ) -> anyhow::Result<Vec<PathBuf>> {
        let folder = self.folder.join(channel.folder());
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            // Nothing was posted there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| unread(&folder)),
        };
        let mut days = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| unread(&folder))?.path();
            if path.extension().is_some_and(|kind| kind == "json") {
                days.push(path);
            }
        }
        // Their names are dates.
        days.sort_unstable();
        Ok(days)
    }

    /// The messages of a day, in chronological order.
    pub(in crate::command::import) fn said(day: &Path) -> anyhow::Result<Vec<Said>> {
        let mut said: Vec<Said> = read(day)?.with_context(|| unread(day))?;
        said.retain(Said::is_speech);
        said.sort_by(|one, other| one.ts.cmp(&other.ts));
        Ok(said)
    }
}

/// Folder names come from the file, and could point outside of the export.
fn checked(mut channel: Channel, kind: Kind, list: &Path) -> anyhow::Result<Channel> {
    channel.kind = kind;
    for name in [channel.folder(), &*channel.id] {
        let list = list.display();
        ensure!(is_plain(name), "{list}: {name:?} cannot be a channel");
    }
    Ok(channel)
}

/// Whether a name is a single component, which stays within the folder.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let plain = matches!(parts.next(), Some(Component::Normal(_))) && parts.next().is_none();
    plain && !name.contains(['/', '\\', '\0'])
}

/// Parses a file, if it exists. Errors are reported with their line.
fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Option<T>> {
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| unread(path)),
    };
    ensure!(about.is_file(), "{} is not a file", path.display());
    ensure!(
        about.len() <= LARGEST,
        "{} is too large to be part of an export",
        path.display()
    );
    let file = File::open(path).with_context(|| unread(path))?;
    let contents = serde_json::from_reader(BufReader::new(file)).with_context(|| unread(path))?;
    Ok(Some(contents))
}

fn unread(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for plain in ["general", "mpdm-ana--ben-1", "D024BE91L", "über uns", "..."] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in ["", ".", "..", "../up", "/etc", "a/b", "a\\b", "a/", "./a"] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
