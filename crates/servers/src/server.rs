//! What all kinds of servers have in common.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::guardian::Guardian;
use crate::port;
use crate::process::Process;
use crate::wait::until;

/// A kind of server.
pub trait Kind {
    /// Its name.
    const NAME: &'static str;

    /// Prepares a new folder before the first start.
    fn prepare(&self, folder: &Path);

    /// The command that serves the folder's data on a port.
    fn command(&self, folder: &Path, port: u16) -> Command;

    /// Whether this process is serving. May take a further step towards that.
    fn ready(&self, folder: &Path, port: u16, process: u32) -> bool;

    /// Removes what a killed server leaves behind that would keep the next one from starting.
    fn sweep(&self, folder: &Path);

    /// The URL for clients.
    fn url(&self, port: u16) -> String;
}

/// A private server. Dropping it ends it and deletes its data.
///
/// All methods block the thread until they are done.
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
        // Another process may have taken the port in the meantime.
        for _ in 0..3 {
            if server.launch().is_ok() {
                return server;
            }
            server.port = port::free();
        }
        server.restart();
        server
    }

    /// The URL for clients, which stays the same after a restart.
    pub fn url(&self) -> String {
        self.kind.url(self.port)
    }

    /// The id of its root process.
    pub fn process(&self) -> u32 {
        self.running().id()
    }

    /// Freezes it: connections stay open but get no answer, as if the machine were unreachable.
    pub fn freeze(&self) {
        self.running().freeze();
    }

    /// Lets a frozen server continue.
    pub fn thaw(&self) {
        self.running().thaw();
    }

    /// Kills it at once, without a clean shutdown. It may be frozen or already dead.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
            self.guardian.watch(None);
            self.kind.sweep(self.folder.path());
        }
    }

    /// Restarts it on the same port with the same data; kills it first if it is running.
    pub fn restart(&mut self) {
        self.kill();
        if let Err(log) = self.launch() {
            panic!("{} did not start:\n{log}", K::NAME);
        }
    }

    #[cfg(test)]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn running(&self) -> &Process {
        self.process.as_ref().expect("the server is running")
    }

    /// Starts it and waits until it serves. Otherwise returns its log.
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
