//! The behaviour of the binary for its users.

#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "these are tests of the binary, from outside"
)]

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SHARED: [&str; 3] = ["TEST_POSTGRES_URL", "TEST_MONGODB_URL", "TEST_REDIS_URL"];

/// The binary with none of the variables set, and with temporary files in this folder.
fn servers(folder: &Path) -> Command {
    // PostgreSQL may be run by another user.
    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_servers"));
    for variable in SHARED {
        command.env_remove(variable);
    }
    command.env("TMPDIR", folder);
    command
}

#[test]
fn a_command_finds_the_servers_and_its_code_is_handed_on() {
    let folder = tempfile::tempdir().unwrap();
    let script = "echo $TEST_POSTGRES_URL $TEST_MONGODB_URL $TEST_REDIS_URL; exit 7";
    let output = servers(folder.path())
        .args(["run", "--", "sh", "-c", script])
        .env("TEST_REDIS_URL", "redis://there")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7));
    let said = String::from_utf8(output.stdout).unwrap();
    let urls: Vec<_> = said.split_whitespace().collect();
    let [postgres, mongodb, redis] = urls[..] else {
        panic!("three servers, not {said}");
    };
    assert!(postgres.starts_with("postgres://tertulia@127.0.0.1:"));
    assert!(mongodb.starts_with("mongodb://127.0.0.1:"));
    // This one was set already.
    assert_eq!(redis, "redis://there");
    assert!(empty(folder.path()));
}

#[test]
fn killed_it_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut up = servers(folder.path())
        .arg("up")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(up.stdout.take().unwrap());
    let addresses = SHARED.map(|variable| {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert!(line.starts_with(&format!("export {variable}=")), "{line}");
        let (_, behind) = line.split_once("127.0.0.1:").unwrap();
        let port: String = behind.chars().take_while(char::is_ascii_digit).collect();
        format!("127.0.0.1:{port}")
    });
    for address in &addresses {
        TcpStream::connect(address).unwrap();
    }

    up.kill().unwrap();
    up.wait().unwrap();
    wait_until(|| {
        addresses
            .iter()
            .all(|address| TcpStream::connect(address).is_err())
    });
    wait_until(|| empty(folder.path()));
    // No surviving process holds its output open, which would keep a reader of it from ending.
    lines.read_to_string(&mut String::new()).unwrap();
}

#[test]
fn what_it_does_not_know_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["down"][..], &["up", "now"], &["run"], &[]] {
        let output = servers(folder.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

fn empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

fn wait_until(so: impl Fn() -> bool) {
    let from = Instant::now();
    while !so() {
        assert!(
            from.elapsed() < Duration::from_mins(1),
            "it does not come to be"
        );
        sleep(Duration::from_millis(20));
    }
}
