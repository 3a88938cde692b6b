//! Whoever sees to it that no server outlives the test that started it.
//!
//! A test that is killed can't clean up, and Linux's way of ending a child with its parent
//! (`PR_SET_PDEATHSIG`) takes unsafe code. So a shell waits at the end of a pipe whose other end only
//! the test holds: however the test ends, the pipe ends with it.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

pub(crate) struct Guardian {
    shell: Child,
    /// Taken when it is let go.
    line: Option<ChildStdin>,
}

impl Guardian {
    /// For the server in this folder, which it removes at the end.
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

    /// Tells it which process the server is from now on, if it is one.
    pub(crate) fn watch(&mut self, process: Option<u32>) {
        let process = process.map(|id| id.to_string()).unwrap_or_default();
        let line = self.line.as_mut().expect("it has not been let go");
        writeln!(line, "{process}").expect("the guardian listens");
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        self.line = None;
        self.shell.wait().ok();
    }
}
