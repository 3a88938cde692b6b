//! The dependencies of the examples, fetched once and stored below cargo's target folder.

use std::env::consts::EXE_SUFFIX;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::said;

/// How to start a program.
#[derive(Clone)]
pub(crate) struct Program {
    program: PathBuf,
    /// The script, if the program is an interpreter.
    script: Option<PathBuf>,
}

impl Program {
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.script);
        command
    }
}

/// The chat in TypeScript.
pub(super) fn typescript() -> Program {
    in_node("examples/typescript/dist/chat.js")
}

/// The chat in Rust. Cargo builds it with the tests of the workspace, beside the server; if only
/// some of them were built, it is built here.
pub(super) fn rust() -> Program {
    let server = Path::new(env!("CARGO_BIN_EXE_tertulia"));
    let chat = format!("examples/chat{EXE_SUFFIX}");
    let program = server.with_file_name(chat);
    if !program.exists() {
        let chat = ["build", "--package", "client", "--example", "chat"];
        run(Command::new(env!("CARGO")).args(chat).current_dir(root()));
    }
    Program {
        program,
        script: None,
    }
}

/// The tests of the TypeScript client, which the chat is built with.
pub(super) fn typescript_client() -> Program {
    in_node("clients/typescript/test/everything.mjs")
}

/// The official client of Socket.IO, with the scenarios for its vocabularies.
pub(crate) fn socketio_client() -> Program {
    let folder = "tests/scenarios/vocabularies/client";
    let place = prepared("vocabularies", &[folder], |place| {
        let install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm")
            .args(install)
            .current_dir(place.join(folder)));
    });
    Program {
        program: "node".into(),
        script: Some(place.join(folder).join("play.mjs")),
    }
}

/// A program beside the client, after type-checking both.
fn in_node(script: &str) -> Program {
    // For a clear message if it is missing.
    run(Command::new("node").arg("--version"));
    let folders = ["clients/typescript", "examples/typescript"];
    let place = prepared("typescript", &folders, |place| {
        for folder in folders.map(|folder| place.join(folder)) {
            let install = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
            run(Command::new("npm").args(install).current_dir(&folder));
            run(Command::new("npm")
                .args(["run", "build"])
                .current_dir(&folder));
        }
    });
    Program {
        program: "node".into(),
        script: Some(place.join(script)),
    }
}

/// The chat in Python, in an environment of its own.
pub(super) fn python() -> Program {
    let place = prepared("python", &["examples/python"], |place| {
        let folder = &place.join("examples/python");
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
    let folder = place.join("examples/python");
    Program {
        program: folder.join("venv/bin/python"),
        script: Some(folder.join("chat.py")),
    }
}

/// The root of the repository.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder with copies of others, ready to run. Tests in other processes wait for each other, and
/// if everything is up to date nothing is done.
fn prepared(name: &str, folders: &[&str], prepare: impl FnOnce(&Path)) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("prepared")
        .join(name);
    fs::create_dir_all(&place).unwrap();
    let lock = File::create(place.join("lock")).unwrap();
    lock.lock().unwrap();

    let files: Vec<_> = folders.iter().flat_map(|folder| files(folder)).collect();
    let of_these: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let stamp = place.join("prepared");
    if fs::read_to_string(&stamp).is_ok_and(|of| of == of_these) {
        return place;
    }
    for (path, text) in &files {
        let path = place.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    prepare(&place);
    // Last, so that an interrupted installation is repeated.
    fs::write(stamp, of_these).unwrap();
    place
}

/// The text of all source files in a folder, by their paths from the root.
fn files(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut files = Vec::new();
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{folder}/{name}");
        if entry.file_type().unwrap().is_file() {
            files.push((path, fs::read_to_string(entry.path()).unwrap()));
        } else if !["node_modules", "dist", "venv", "__pycache__"].contains(&name.as_str()) {
            files.extend(self::files(&path));
        }
    }
    files.sort();
    files
}

/// Runs a command, which must succeed.
pub(crate) fn run(command: &mut Command) -> String {
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
