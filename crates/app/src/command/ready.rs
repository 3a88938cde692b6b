//! Asks the server on this machine whether it is ready for requests. For containers and scripts,
//! where no other program may be available for that.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::settings::Settings;

/// Longer than the health checks behind the response may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// How much of the response is read.
const ANSWER: u64 = 16 * 1024;

/// Prints the server's response, and succeeds if it is ready.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let address = address(settings)?;
    let answer = ask(address).with_context(|| format!("no server answers at {address}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    writeln!(io::stdout(), "{body}").context("standard output is closed")?;
    match status {
        "200" => Ok(ExitCode::SUCCESS),
        "503" => Ok(ExitCode::FAILURE),
        other => bail!("what answers at {address} is not Tertulia: its status is {other:?}"),
    }
}

/// Where a server with these settings listens, as seen from this machine.
fn address(settings: &Settings) -> anyhow::Result<SocketAddr> {
    let (host, port) = (settings.http.host.as_str(), settings.http.port);
    if port == 0 {
        bail!("PORT is 0, which picks any free port: where the server listens is unknown");
    }
    let found = (host, port).to_socket_addrs();
    let mut found = found.with_context(|| format!("there is no address of {host}"))?;
    let mut first = found
        .next()
        .with_context(|| format!("there is no address of {host}"))?;
    match first.ip() {
        IpAddr::V4(any) if any.is_unspecified() => first.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(any) if any.is_unspecified() => first.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    Ok(first)
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request =
        format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}
