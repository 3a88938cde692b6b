//! RabbitMQ.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::port;
use crate::server::{Kind, Server};
use crate::shared::shared;

/// The timeout of a probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where both Debian's package and RabbitMQ's own keep the versions.
const PLACE: &str = "/usr/lib/rabbitmq/lib";

/// The oldest supported version.
const VERSION: [u32; 2] = [3, 10];

/// A private RabbitMQ, a single node.
pub type Rabbit = Server<RabbitKind>;

/// How RabbitMQ is run.
pub struct RabbitKind;

impl Rabbit {
    /// Starts one. Confirmed messages survive a kill.
    pub fn start() -> Self {
        Self::of(RabbitKind)
    }
}

/// The folder of its program.
pub(crate) fn folder() -> Option<PathBuf> {
    let said = shared("TEST_RABBITMQ_BIN").map(PathBuf::from);
    let mut found: Vec<([u32; 2], PathBuf)> = fs::read_dir(PLACE)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            let version = version(name.strip_prefix("rabbitmq_server-")?)?;
            Some((version, path.join("sbin")))
        })
        .filter(|(version, _)| *version >= VERSION)
        .collect();
    found.sort();
    said.or_else(|| found.pop().map(|(_, path)| path))
        .filter(|folder| folder.join("rabbitmq-server").is_file())
}

fn version(text: &str) -> Option<[u32; 2]> {
    let mut numbers = text.split('.').map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
}

/// Everything else is left at its default.
const SETTINGS: &str = "
log.console = true
log.console.level = warning
log.file = false
# Small, because a folder in memory may be all that there is.
raft.wal_max_size_bytes = 16777216
disk_free_limit.absolute = 50MB
";

/// Makes its threads sleep when idle instead of busy-waiting.
const THREADS: &str = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none";

/// Erlang nodes find each other through a registry, `epmd`, which would outlive the node. So each node
/// has one of its own, a child that ends with it.
const LAUNCH: &str = "epmd -port \"$ERL_EPMD_PORT\" & exec \"$0\"";

impl Kind for RabbitKind {
    const NAME: &'static str = "rabbitmq";

    fn prepare(&self, folder: &Path) {
        for name in ["home", "data", "logs"] {
            fs::create_dir(folder.join(name)).expect("the folder can be written to");
        }
        fs::write(folder.join("plugins"), "[].\n").expect("the folder can be written to");
        fs::write(folder.join("rabbitmq.conf"), SETTINGS).expect("the folder can be written to");
    }

    fn command(&self, folder: &Path, port: u16) -> Command {
        let program = self::folder().unwrap_or_else(|| {
            panic!("there is no RabbitMQ 3.10 or newer here: run tests/run, which installs it")
        });
        let register = folder.join("register");
        if !register.exists() {
            let ports = [port::free(), port::free()].map(|port| port.to_string());
            fs::write(&register, ports.join(" ")).expect("the folder can be written to");
        }
        let ports = fs::read_to_string(register).unwrap_or_default();
        let (epmd, others) = ports.split_once(' ').unwrap_or_default();

        let mut command = Command::new("sh");
        command
            .args(["-c", LAUNCH])
            .arg(program.join("rabbitmq-server"));
        command
            .env("ERL_EPMD_PORT", epmd)
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("HOME", folder.join("home"))
            .env("RABBITMQ_NODENAME", format!("{}@localhost", name(port)))
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", port.to_string())
            .env("RABBITMQ_DIST_PORT", others)
            .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
            .env("RABBITMQ_LOG_BASE", folder.join("logs"))
            .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
            .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("plugins"))
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", THREADS);
        command
    }

    fn ready(&self, _folder: &Path, port: u16, _process: u32) -> bool {
        greeting(port).is_ok_and(|greeting| {
            // Only the part before the `@`: the machine's own host name may be another one.
            let name = format!("{}@", name(port));
            greeting.windows(name.len()).any(|it| it == name.as_bytes())
        })
    }

    fn sweep(&self, _folder: &Path) {}

    fn url(&self, port: u16) -> String {
        format!("amqp://guest:guest@127.0.0.1:{port}")
    }
}

/// The name of a node, unique on this machine because the port is.
fn name(port: u16) -> String {
    format!("tertulia-{port}")
}

/// A server's greeting to an AMQP 0-9-1 client: a length-prefixed table that contains its name.
fn greeting(port: u16) -> std::io::Result<Vec<u8>> {
    const HEAD: usize = 7;

    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.write_all(b"AMQP\x00\x00\x09\x01")?;
    let mut head = [0; HEAD];
    connection.read_exact(&mut head)?;
    let [_, _, _, length @ ..] = head;
    let length = usize::try_from(u32::from_be_bytes(length)).map_err(std::io::Error::other)?;
    let mut greeting = vec![0; length.min(1 << 16)];
    connection.read_exact(&mut greeting)?;
    Ok(greeting)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn it_comes_back_under_its_name_and_leaves_nobody_behind() {
        let mut server = Rabbit::start();
        let port = server.port();
        server.kill();
        // Connections waiting to be accepted are closed a moment after the process ends.
        let gone = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            greeting(port).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
        });
        assert!(gone, "something is still listening");
        server.restart();
        assert!(RabbitKind.ready(Path::new(""), port, 0));
    }

    #[test]
    fn versions_are_read_as_folders_are_named() {
        assert_eq!(version("3.10.8"), Some([3, 10]));
        assert_eq!(version("4.0.5"), Some([4, 0]));
        assert_eq!(version("latest"), None);
    }
}
