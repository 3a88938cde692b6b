//! A process and its descendants.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};

use crate::wait::until;

/// A process in a group of its own, so that Ctrl-C in a terminal reaches only its parent.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> std::io::Result<Self> {
        command.process_group(0).spawn().map(Self)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Its exit status, if it has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }

    /// Stops (SIGSTOP) it and its descendants. PostgreSQL's processes each have a group of their own, so a
    /// signal to one group would not reach them.
    pub(crate) fn freeze(&self) {
        let frozen = until(|| {
            // Parents first: once stopped, they cannot start any more children during the search.
            let moving = tree(self.id())
                .into_iter()
                .filter(|&process| !matches!(state(process), None | Some('T' | 'Z' | 'X')))
                .inspect(|&process| send(process, Signal::STOP))
                .count();
            moving == 0
        });
        assert!(frozen, "process {} did not stop", self.id());
    }

    /// Continues all of them (SIGCONT).
    pub(crate) fn thaw(&self) {
        for process in tree(self.id()) {
            send(process, Signal::CONT);
        }
    }

    /// Kills it and its descendants.
    pub(crate) fn kill(mut self) {
        self.freeze();
        let all = tree(self.id());
        for &process in &all {
            send(process, Signal::KILL);
        }
        self.0.wait().expect("a killed process can be waited for");
        // Its children are orphans now, and it may take a while until they are reaped.
        let gone = until(|| {
            all.iter()
                .all(|&it| matches!(state(it), None | Some('Z' | 'X')))
        });
        assert!(gone, "the descendants of a killed process did not end");
    }
}

/// A process and its descendants, parents before their children.
fn tree(root: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .expect("Linux has a /proc")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|process| Some((process, parent(process)?)))
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&elder) = found.get(next) {
        found.extend(all.iter().filter(|(_, of)| *of == elder).map(|(it, _)| it));
        next += 1;
    }
    found
}

fn parent(process: u32) -> Option<u32> {
    fields(process)?.split(' ').nth(1)?.parse().ok()
}

/// The state as in `ps`: R, S, D, T (stopped), Z (zombie).
fn state(process: u32) -> Option<char> {
    fields(process)?.chars().next()
}

/// The fields of `/proc/PID/stat` from the state on. The process name comes before that, in parentheses,
/// and may contain anything.
fn fields(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    Some(fields.to_owned())
}

/// Sends a signal to a process, which may have ended already.
fn send(process: u32, signal: Signal) {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        kill_process(pid, signal).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell with a child in a session of its own, as PostgreSQL's children are.
    fn family() -> (Process, u32) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "setsid sleep 600 & wait"]);
        let elder = Process::start(&mut shell).unwrap();
        let mut child = 0;
        assert!(until(|| {
            child = tree(elder.id()).last().copied().unwrap();
            child != elder.id()
                && fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default()
                    == "sleep\n"
        }));
        (elder, child)
    }

    #[test]
    fn freezing_reaches_the_children_and_thawing_too() {
        let (elder, child) = family();
        elder.freeze();
        assert_eq!(state(child), Some('T'));
        assert_eq!(state(elder.id()), Some('T'));
        elder.thaw();
        assert!(until(
            || state(child) == Some('S') && state(elder.id()) == Some('S')
        ));
        elder.kill();
    }

    #[test]
    fn killing_leaves_nobody() {
        let (elder, child) = family();
        elder.freeze();
        elder.kill();
        assert!(matches!(state(child), None | Some('Z')));
    }

    #[test]
    fn a_process_that_ended_is_known_to_have() {
        let mut process = Process::start(&mut Command::new("false")).unwrap();
        assert!(until(|| process.ended().is_some()));
        assert_eq!(process.ended().unwrap().code(), Some(1));
    }
}
