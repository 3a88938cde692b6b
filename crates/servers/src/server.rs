//! What the servers have in common.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::guardian::Guardian;
use crate::port;
use crate::process::Process;
use crate::wait::until;

/// What differs between them.
pub trait Kind {
    /// What people call it.
    const NAME: &'static str;

    /// Fills a new folder, before the first start.
    fn prepare(&self, folder: &Path);

    /// Serves the data in the folder on a port.
    fn command(&self, folder: &Path, port: u16) -> Command;

    /// Whether that process serves. May take a further step towards that.
    fn ready(&self, folder: &Path, port: u16, process: u32) -> bool;

    /// Removes what a killed one leaves behind that would keep the next one from starting.
    fn sweep(&self, folder: &Path);

    /// Where clients find it.
    fn url(&self, port: u16) -> String;
}

/// A server that nobody else uses. Dropped, it is gone, with all that it kept.
///
/// All of this waits until it is done, and so blocks the thread.
pub struct Server<K: Kind> {
    kind: K,
    port: u16,
    process: Option<Process>,
    guardian: Guardian,
    folder: TempDir,
}

impl<K: Kind> Server<K> {
    pub(crate) fn of(kind: K) -> Self {
        let folder = tempfile::Builder::new()
            .prefix(&format!("tertulia-{}-", K::NAME))
            .tempdir()
            .expect("there is room for a temporary folder");
        kind.prepare(folder.path());
        let mut server = Self {
            kind,
            port: port::free(),
            process: None,
            guardian: Guardian::of(folder.path()),
            folder,
        };
        // Its port may be taken by somebody else at the last moment.
        for _ in 0..3 {
            if server.launch().is_ok() {
                return server;
            }
            server.port = port::free();
        }
        server.restart();
        server
    }

    /// Where clients find it, now and after a restart.
    pub fn url(&self) -> String {
        self.kind.url(self.port)
    }

    /// Its first process, which has started all others that it has.
    pub fn process(&self) -> u32 {
        self.running().id()
    }

    /// Stops it where it is: connections stay open and nobody answers, as with a machine that is out
    /// of reach.
    pub fn freeze(&self) {
        self.running().freeze();
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.running().thaw();
    }

    /// Ends it at once, as a power cut would. It may be frozen, or dead already.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
            self.guardian.watch(None);
            self.kind.sweep(self.folder.path());
        }
    }

    /// Starts it again on the same port and the same data; kills it first if it is running.
    pub fn restart(&mut self) {
        self.kill();
        if let Err(log) = self.launch() {
            panic!("{} does not start:\n{log}", K::NAME);
        }
    }

    #[cfg(test)]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn running(&self) -> &Process {
        self.process.as_ref().expect("it has been killed")
    }

    /// Starts it and waits until it serves. Fails with its log.
    fn launch(&mut self) -> Result<(), String> {
        let folder = self.folder.path();
        let log = folder.join("log");
        let file = File::create(&log).expect("the folder can be written to");
        let copy = file.try_clone().expect("a file can be opened twice");
        let mut command = self.kind.command(folder, self.port);
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy);
        let process = Process::start(&mut command).map_err(|error| error.to_string())?;
        self.guardian.watch(Some(process.id()));
        let process = self.process.insert(process);

        let mut serves = false;
        until(|| {
            serves = self.kind.ready(folder, self.port, process.id());
            serves || process.ended().is_some()
        });
        if serves {
            return Ok(());
        }
        self.kill();
        Err(fs::read_to_string(log).unwrap_or_default())
    }
}

impl<K: Kind> Drop for Server<K> {
    fn drop(&mut self) {
        self.kill();
    }
}
