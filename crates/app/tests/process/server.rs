//! A server in a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

use acceptance::Client;
use serde_json::Value;

/// The binary with its settings, without this process's environment.
pub(crate) fn tertulia(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tertulia"));
    command
        .env_clear()
        .env("PROFILE", "test")
        .env("LOG_FORMAT", "json")
        .env("TERTULIA_LOG__FILTER", "info")
        .env("DATA_DIR", data)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::null());
    command
}

/// Both streams of a command that ended, as one text.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A running server, which is killed when dropped.
pub(crate) struct Server {
    process: Child,
    log: Option<JoinHandle<String>>,
    url: String,
}

impl Server {
    /// Starts it and waits until it listens.
    pub(crate) fn start(data: &Path) -> Self {
        Self::with(data, &[])
    }

    /// Starts it with these variables as well.
    pub(crate) fn with(data: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = tertulia(data);
        command.envs(variables.iter().copied());
        Self::of(command)
    }

    /// Starts it by another command.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let mut seen = String::new();
        let url = loop {
            let mut line = String::new();
            let more = lines.read_line(&mut line).unwrap();
            assert!(more > 0, "it ended before it listened: {seen}");
            seen.push_str(&line);
            if let Some(url) = listening(&line) {
                break url;
            }
        };
        // Somebody has to keep reading, or the process blocks on a full pipe.
        let log = std::thread::spawn(move || {
            let mut rest = String::new();
            lines.read_to_string(&mut rest).unwrap();
            seen + &rest
        });
        Self {
            process,
            log: Some(log),
            url,
        }
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn client(&self) -> Client {
        Client::of(&self.url)
    }

    /// Kills it as a power cut would, and returns its log.
    pub(crate) fn kill(mut self) -> String {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.log.take().unwrap().join().unwrap()
    }

    /// Its address.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Asks it to stop, and returns whether it succeeded, and its log.
    pub(crate) fn stop(self) -> (bool, String) {
        self.tell("kill -TERM $0")
    }

    /// Sends both signals at once.
    pub(crate) fn stop_twice(self) -> (bool, String) {
        self.tell("kill -TERM $0 && kill -INT $0")
    }

    fn tell(mut self, script: &str) -> (bool, String) {
        let id = self.process.id().to_string();
        let told = Command::new("sh")
            .args(["-c", script, &id])
            .status()
            .unwrap();
        assert!(told.success());
        let status = self.process.wait().unwrap();
        (status.success(), self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The address in the line that announces it, for machines or for people.
fn listening(line: &str) -> Option<String> {
    let Ok(event) = serde_json::from_str::<Value>(line) else {
        let (_, url) = line.split_once("listening")?.1.split_once("http://")?;
        let end = |c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c));
        return Some(format!("http://{}", url.split(end).next()?));
    };
    let fields = event.get("fields").unwrap_or(&event);
    if fields["message"] != "listening" {
        return None;
    }
    Some(format!("http://{}", fields["address"].as_str()?))
}
