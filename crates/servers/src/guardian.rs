//! The guardian, which makes sure that no server outlives the test that started it.
//!
//! A test that is killed can't clean up, and Linux's way of ending a child with its parent
//! (`PR_SET_PDEATHSIG`) requires unsafe code. So a shell reads from a pipe whose other end only the test
//! holds: however the test ends, the pipe is closed with it.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

pub(crate) struct Guardian {
    shell: Child,
    /// Taken on drop, which closes the pipe.
    line: Option<ChildStdin>,
}

impl Guardian {
    /// Starts a guardian for the server in this folder, which it removes at the end.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut shell = Command::new("sh")
            .args(["-c", include_str!("guardian.sh"), "guardian"])
            .arg(folder)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("every machine has a shell");
        let line = shell.stdin.take();
        Self { shell, line }
    }

    /// Tells it the id of the server's process from now on, if the server is running.
    pub(crate) fn watch(&mut self, process: Option<u32>) {
        let process = process.map(|id| id.to_string()).unwrap_or_default();
        let line = self
            .line
            .as_mut()
            .expect("the guardian has not been dropped");
        writeln!(line, "{process}").expect("the guardian is running");
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        self.line = None;
        self.shell.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;
    use crate::wait::until;

    #[test]
    fn a_server_that_is_frozen_goes_too_with_its_children_and_its_folder() {
        let folder = tempfile::tempdir().unwrap().keep();
        let mut guardian = Guardian::of(&folder);
        let mut shell = Command::new("sh");
        shell
            .args(["-c", "setsid sleep 600 & echo $! > child; wait"])
            .current_dir(&folder);
        let mut server = Process::start(&mut shell).unwrap();
        guardian.watch(None);
        guardian.watch(Some(server.id()));
        let mut child = String::new();
        assert!(until(|| {
            child = std::fs::read_to_string(folder.join("child")).unwrap_or_default();
            child.ends_with('\n')
        }));
        server.freeze();

        drop(guardian);
        assert!(until(|| server.ended().is_some()));
        // The process that inherits orphans may not reap them at once.
        let stat = format!("/proc/{}/stat", child.trim());
        assert!(until(|| {
            std::fs::read_to_string(&stat).map_or(true, |it| it.contains(") Z "))
        }));
        assert!(!folder.exists());
    }
}
