//! The cost of the system calls alone: a lower bound for every server.

use std::process::Command;

use super::Subject;
use crate::dialect::Bare;
use crate::process::Process;

impl Subject {
    /// Starts a loop that writes one frame to many sockets.
    pub(crate) fn bare() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let process = Process::start(|_, port| {
            let mut command = Command::new(program);
            command.args(["peer", "bare", "--port", &port.to_string()]);
            Ok(command)
        })?;
        Ok(Self {
            name: "bare loop",
            dialect: &Bare,
            has_accounts: false,
            process,
            postgres: None,
            others: Vec::new(),
            _servers: Box::new(()),
        })
    }
}
