//! What the examples need, fetched once and kept among what cargo builds.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::said;

/// How a program is started.
#[derive(Clone)]
pub(super) struct Program {
    interpreter: PathBuf,
    script: PathBuf,
}

impl Program {
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.interpreter);
        command.arg(&self.script);
        command
    }
}

/// The chat in TypeScript, checked by its compiler.
pub(super) fn typescript() -> Program {
    // For a clear word where it is missing.
    run(Command::new("node").arg("--version"));
    let folder = prepared("typescript", |folder| {
        let install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(install).current_dir(folder));
        run(Command::new("npm")
            .args(["run", "build"])
            .current_dir(folder));
    });
    Program {
        interpreter: "node".into(),
        script: folder.join("dist/chat.js"),
    }
}

/// The chat in Python, in an environment of its own.
pub(super) fn python() -> Program {
    let folder = prepared("python", |folder| {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear", "venv"])
            .current_dir(folder));
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ];
        run(Command::new("venv/bin/python")
            .args(install)
            .args(["--require-hashes", "--requirement", "requirements.txt"])
            .current_dir(folder));
    });
    Program {
        interpreter: folder.join("venv/bin/python"),
        script: folder.join("chat.py"),
    }
}

/// The folder of the examples.
pub(super) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// A copy of an example that is ready to run. Tests in other processes wait for each other, and who
/// finds everything as it should be does nothing.
fn prepared(name: &str, prepare: impl FnOnce(&Path)) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("examples")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();

    let files = files(&examples().join(name));
    let of_these: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let stamp = folder.join("prepared");
    if fs::read_to_string(&stamp).is_ok_and(|of| of == of_these) {
        return folder;
    }
    for (name, text) in &files {
        fs::write(folder.join(name), text).unwrap();
    }
    prepare(&folder);
    // Last, so that what was interrupted is done anew.
    fs::write(stamp, of_these).unwrap();
    folder
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let mut files: Vec<_> = files
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Runs something to its good end.
pub(super) fn run(command: &mut Command) -> String {
    let program = command.get_program().display().to_string();
    let output = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("there is no {program} here: run tests/run, which installs it")
        }
        output => output.unwrap(),
    };
    let said = said(&output);
    assert!(output.status.success(), "{command:?}: {said}");
    said
}
