//! Finding the servers' programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::rabbit;
use crate::shared::shared;

/// One of the servers' programs.
pub(crate) struct Program {
    /// Its human-readable name.
    pub(crate) name: &'static str,
    file: &'static str,
    /// The oldest supported major version.
    version: u32,
    /// The environment variable with its folder, which takes precedence over all other places.
    variable: &'static str,
    /// Where else it may be, besides the `PATH`.
    places: fn() -> Vec<PathBuf>,
}

pub(crate) const POSTGRES: Program = Program {
    name: "PostgreSQL",
    file: "postgres",
    version: 15,
    variable: "TEST_POSTGRES_BIN",
    places: || versions("/usr/lib/postgresql"),
};

pub(crate) const MONGOD: Program = Program {
    name: "MongoDB",
    file: "mongod",
    version: 6,
    variable: "TEST_MONGOD_BIN",
    places: || cache().into_iter().collect(),
};

pub(crate) const REDIS: Program = Program {
    name: "Redis",
    file: "redis-server",
    version: 7,
    variable: "TEST_REDIS_BIN",
    places: Vec::new,
};

/// The programs that must be installed before private servers can be started, named as in `tests/run`.
pub fn missing() -> Vec<&'static str> {
    [POSTGRES, MONGOD, REDIS]
        .into_iter()
        .filter(|program| program.find().is_none())
        .map(|program| program.file)
        .chain(rabbit::folder().is_none().then_some("rabbitmq-server"))
        .collect()
}

impl Program {
    /// Its folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.find().unwrap_or_else(|| {
            panic!(
                "there is no {} {} or newer here: run tests/run, which installs it",
                self.name, self.version
            )
        })
    }

    /// The program itself.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join(self.file)
    }

    fn find(&self) -> Option<PathBuf> {
        let said = shared(self.variable).map(PathBuf::from);
        let path = shared("PATH").unwrap_or_default();
        said.into_iter()
            .chain((self.places)())
            .chain(std::env::split_paths(&path))
            .find(|folder| self.will_do(&folder.join(self.file)))
    }

    fn will_do(&self, file: &Path) -> bool {
        // Checked first: most places have no such file, and starting a process for each would be slow.
        file.is_file()
            && Command::new(file)
                .arg("--version")
                .output()
                .ok()
                .and_then(|output| major(&String::from_utf8_lossy(&output.stdout)))
                .is_some_and(|version| version >= self.version)
    }
}

/// The first number in "postgres (PostgreSQL) 15.8 (Debian …)", "db version v6.0.5" or
/// "Redis server v=7.0.15 …".
fn major(said: &str) -> Option<u32> {
    said.split(|it: char| !it.is_ascii_digit())
        .find(|digits| !digits.is_empty())?
        .parse()
        .ok()
}

/// Debian keeps several versions of PostgreSQL side by side. The newest comes first.
fn versions(folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    found.sort_by_key(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.and_then(major)
    });
    found.iter().rev().map(|path| path.join("bin")).collect()
}

/// Where `tests/run` puts `mongod`, which distributions do not package.
fn cache() -> Option<PathBuf> {
    let cache = shared("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&shared("HOME")?).join(".cache")))?;
    Some(cache.join("tertulia/mongod-6.0.5/fiftyone/db/bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_programs_say_them() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major("db version v6.0.5\nBuild Info: {"), Some(6));
        assert_eq!(
            major("Redis server v=7.0.15 sha=00000000:0 bits=64"),
            Some(7)
        );
        assert_eq!(major("no idea"), None);
    }

    #[test]
    fn the_newest_postgres_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9.6", "17", "15"] {
            fs::create_dir(folder.path().join(version)).unwrap();
        }
        let found = versions(folder.path().to_str().unwrap());
        assert_eq!(
            found,
            ["17/bin", "15/bin", "9.6/bin"].map(|it| folder.path().join(it))
        );
    }

    #[test]
    #[should_panic(expected = "there is no Redis 1000 or newer here: run tests/run")]
    fn an_old_one_will_not_do() {
        let program = Program {
            version: 1000,
            ..REDIS
        };
        program.folder();
    }
}
