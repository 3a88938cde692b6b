//! Redis.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::port;
use crate::program::REDIS;
use crate::server::{Kind, Server};

/// The timeout of a probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// A private Redis.
pub type Redis = Server<RedisKind>;

/// How Redis is run.
pub enum RedisKind {
    /// Loses all data when it ends.
    Forgetful,
    /// Keeps all acknowledged writes.
    Keeping,
    /// A cluster of one node, which has all slots. As in a larger one, a command with keys of several slots
    /// is an error.
    Cluster,
}

impl Redis {
    /// Starts one whose data does not survive a restart.
    pub fn start() -> Self {
        Self::of(RedisKind::Forgetful)
    }

    /// Starts one whose data survives a restart.
    pub fn start_keeping() -> Self {
        Self::of(RedisKind::Keeping)
    }

    /// Starts a cluster of one node. Its data does not survive a restart.
    pub fn start_cluster() -> Self {
        Self::of(RedisKind::Cluster)
    }
}

impl Kind for RedisKind {
    const NAME: &'static str = "redis";

    fn prepare(&self, folder: &Path) {
        fs::create_dir(folder.join("data")).expect("the folder can be written to");
    }

    fn command(&self, folder: &Path, port: u16) -> Command {
        let mut command = Command::new(REDIS.path());
        command.args(["--bind", "127.0.0.1", "--save", ""]);
        command.args(["--port", &port.to_string()]);
        command.arg("--dir").arg(folder.join("data"));
        match self {
            Self::Forgetful => {}
            Self::Keeping => {
                command.args(["--appendonly", "yes"]);
            }
            Self::Cluster => {
                command.args(["--cluster-enabled", "yes"]);
                command.args(["--cluster-port", &port::free().to_string()]);
            }
        }
        command
    }

    fn ready(&self, _folder: &Path, port: u16, process: u32) -> bool {
        let own = format!("process_id:{process}\r\n");
        says(port, "INFO server", &own)
            && says(port, "PING", "+PONG")
            && (!matches!(self, Self::Cluster) || whole(port))
    }

    fn sweep(&self, _folder: &Path) {}

    fn url(&self, port: u16) -> String {
        format!("redis://127.0.0.1:{port}")
    }
}

/// Whether a cluster has all its slots, which this assigns the first time.
fn whole(port: u16) -> bool {
    if says(port, "CLUSTER INFO", "cluster_slots_assigned:0") {
        ask(port, "CLUSTER ADDSLOTSRANGE 0 16383").ok();
    }
    says(port, "CLUSTER INFO", "cluster_state:ok")
}

fn says(port: u16, command: &str, expected: &str) -> bool {
    ask(port, command).is_ok_and(|answer| answer.contains(expected))
}

fn ask(port: u16, command: &str) -> std::io::Result<String> {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(PATIENCE))?;
    // Redis closes the connection after QUIT, so everything up to the end is the answer.
    write!(connection, "{command}\r\nQUIT\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    // The answer to QUIT.
    Ok(answer.strip_suffix("+OK\r\n").unwrap_or(&answer).to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn it_forgets_unless_it_was_started_to_keep() {
        for (mut server, kept) in [
            (Redis::start(), "$-1\r\n"),
            (Redis::start_keeping(), "$1\r\n7\r\n"),
        ] {
            assert_eq!(ask(server.port(), "SET key 7").unwrap(), "+OK\r\n");
            server.kill();
            let refused = ask(server.port(), "GET key").unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
            server.restart();
            assert_eq!(ask(server.port(), "GET key").unwrap(), kept);
        }
    }

    #[test]
    fn frozen_it_answers_nobody_and_thawed_it_goes_on() {
        let server = Redis::start();
        server.freeze();
        let silence = ask(server.port(), "PING").unwrap_err();
        assert!(
            matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "{silence}"
        );
        server.thaw();
        assert_eq!(ask(server.port(), "PING").unwrap(), "+PONG\r\n");
    }

    #[test]
    fn a_cluster_has_all_slots_and_refuses_keys_of_several_at_once() {
        let mut server = Redis::start_cluster();
        assert_eq!(
            ask(server.port(), "MSET {room}a 1 {room}b 2").unwrap(),
            "+OK\r\n"
        );
        assert!(
            ask(server.port(), "MSET a 1 b 2")
                .unwrap()
                .starts_with("-CROSSSLOT")
        );
        server.restart();
        assert_eq!(ask(server.port(), "SET a 1").unwrap(), "+OK\r\n");
    }
}
