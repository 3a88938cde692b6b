//! A user at a terminal, in which one of the example chats runs.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::install::Program;

/// Long enough to start on a busy machine, and to reconnect after the longest pause.
const PATIENCE: Duration = Duration::from_mins(1);

/// Who uses it, and where.
pub(super) struct Seat<'a> {
    pub(super) program: &'a Program,
    pub(super) server: &'a str,
    pub(super) name: &'a str,
    pub(super) password: &'a str,
    pub(super) room: Option<&'a str>,
    /// Where the program stores its state.
    pub(super) folder: &'a Path,
}

/// A chat that runs, until it is dropped.
pub(super) struct Chat {
    name: String,
    process: Child,
    typed: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Chat {
    pub(super) fn open(seat: &Seat<'_>) -> Self {
        let mut command = seat.program.command();
        command.args(["--server", seat.server, "--name", seat.name]);
        command.args(["--password", seat.password, "--keep"]);
        command.arg(seat.folder.join(seat.name));
        command.args(seat.room.iter().flat_map(|room| ["--room", room]));
        let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = process.unwrap();
        let (tell, lines) = channel();
        let shown = BufReader::new(process.stdout.take().unwrap());
        thread::spawn(move || {
            for line in shown.lines().map_while(Result::ok) {
                // Nobody listens any more when a test is over.
                drop(tell.send(line));
            }
        });
        Self {
            name: seat.name.to_owned(),
            typed: process.stdin.take(),
            process,
            lines,
        }
    }

    /// The output up to and including a line that begins like this.
    pub(super) fn sees(&self, beginning: &str) -> Vec<String> {
        let (mut seen, begun) = (Vec::new(), Instant::now());
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("{} never saw {beginning:?}, but {seen:#?}", self.name);
            };
            let found = line.starts_with(beginning);
            seen.push(line);
            if found {
                return seen;
            }
        }
    }

    /// Types a line.
    pub(super) fn types(&mut self, line: &str) {
        let typed = self.typed.as_mut().unwrap();
        typed.write_all(format!("{line}\n").as_bytes()).unwrap();
        typed.flush().unwrap();
    }

    /// Types a line to be posted, and waits until the program shows it as stored.
    pub(super) fn says(&mut self, words: &str) -> Vec<String> {
        self.types(words);
        self.sees(&format!("{}: {words}", self.name))
    }

    /// Closes stdin, which ends the program; it must succeed.
    pub(super) fn leaves(mut self) {
        self.typed.take();
        assert!(self.process.wait().unwrap().success(), "{}", self.name);
    }

    /// Waits for a program that must fail.
    pub(super) fn fails(mut self) {
        assert!(!self.process.wait().unwrap().success(), "{}", self.name);
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
