//! MongoDB.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bson::{Document, doc};

use crate::program::MONGOD;
use crate::server::{Kind, Server};

/// The timeout of a probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// A private MongoDB, a replica set of one member.
pub type Mongo = Server<MongoKind>;

/// How MongoDB is run.
pub struct MongoKind;

impl Mongo {
    /// Starts one. Acknowledged writes survive a kill.
    pub fn start() -> Self {
        Self::of(MongoKind)
    }
}

impl Kind for MongoKind {
    const NAME: &'static str = "mongod";

    fn prepare(&self, folder: &Path) {
        fs::create_dir(folder.join("data")).expect("the folder can be written to");
    }

    fn command(&self, folder: &Path, port: u16) -> Command {
        let mut command = Command::new(MONGOD.path());
        command.arg("--dbpath").arg(folder.join("data"));
        command.args(["--bind_ip", "127.0.0.1", "--port", &port.to_string()]);
        // Its socket would be created in /tmp and never removed.
        command.arg("--nounixsocket");
        command.args(["--replSet", "rs0", "--oplogSize", "64"]);
        command.args(["--wiredTigerCacheSizeGB", "0.25"]);
        // The default of one minute is too long for tests of expiry.
        command.args(["--setParameter", "ttlMonitorSleepSecs=1"]);
        command.args(["--setParameter", "diagnosticDataCollectionEnabled=false"]);
        command
    }

    fn ready(&self, _folder: &Path, port: u16, process: u32) -> bool {
        primary(port, process).unwrap_or(false)
    }

    fn sweep(&self, _folder: &Path) {}

    fn url(&self, port: u16) -> String {
        format!("mongodb://127.0.0.1:{port}/?directConnection=true")
    }
}

/// Whether this process accepts writes. The first time, it initiates the replica set.
fn primary(port: u16, process: u32) -> io::Result<bool> {
    let status = ask(port, doc! { "serverStatus": 1 })?;
    let id = bson::Bson::Int64(process.into());
    if status.get("pid") != Some(&id) {
        return Ok(false);
    }
    let hello = ask(port, doc! { "hello": 1 })?;
    if !hello.contains_key("setName") {
        let member = doc! { "_id": 0, "host": format!("127.0.0.1:{port}") };
        let set = doc! { "_id": "rs0", "members": [member] };
        ask(port, doc! { "replSetInitiate": set })?;
    }
    Ok(hello.get_bool("isWritablePrimary").unwrap_or(false))
}

/// Runs a command as an `OP_MSG`, MongoDB's only message type for commands since 3.6: length, request id,
/// response id, kind; flags; and the command.
fn ask(port: u16, mut command: Document) -> io::Result<Document> {
    const KIND: i32 = 2013;
    const HEADER: usize = 21;

    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    connection.set_read_timeout(Some(PATIENCE))?;
    command.insert("$db", "admin");
    let body = command.to_vec().map_err(io::Error::other)?;
    let length = i32::try_from(HEADER + body.len()).map_err(io::Error::other)?;
    let mut message = Vec::new();
    for number in [length, 1, 0, KIND, 0] {
        message.extend(number.to_le_bytes());
    }
    message.push(0);
    message.extend(body);
    connection.write_all(&message)?;

    let mut header = [0; HEADER];
    connection.read_exact(&mut header)?;
    Document::from_reader(connection).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn it_takes_writes_and_keeps_them_when_it_is_killed() {
        let mut server = Mongo::start();
        let majority = doc! { "w": "majority" };
        let insert =
            doc! { "insert": "kept", "documents": [{ "_id": 7 }], "writeConcern": majority };
        assert_eq!(ask(server.port(), insert).unwrap().get_i32("n").unwrap(), 1);

        server.kill();
        let refused = ask(server.port(), doc! { "ping": 1 }).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);

        server.restart();
        let kept = ask(server.port(), doc! { "count": "kept" }).unwrap();
        assert_eq!(kept.get_i32("n").unwrap(), 1);
        let hello = ask(server.port(), doc! { "hello": 1 }).unwrap();
        assert!(hello.get_bool("isWritablePrimary").unwrap());
    }

    #[test]
    fn frozen_it_answers_nobody_and_thawed_it_goes_on() {
        let server = Mongo::start();
        server.freeze();
        let silence = ask(server.port(), doc! { "ping": 1 }).unwrap_err();
        assert!(
            matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "{silence}"
        );
        server.thaw();
        let pong = ask(server.port(), doc! { "ping": 1 }).unwrap();
        assert!(pong.contains_key("ok"));
    }
}
