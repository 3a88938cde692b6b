//! Serving.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::{ExitCode, exit};
use std::time::Duration;

use anyhow::Context as _;

use super::signals::Signals;
use crate::choice::{Choice, Table, choices};
use crate::descriptors;
use crate::keys::Keys;
use crate::server::{Server, runtime};
use crate::settings::{LogFormat, Settings};
use crate::telemetry;

/// Serves until told to stop.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let telemetry = telemetry::start(settings)?;
    let keys = Keys::find(settings)?;
    for warning in &keys.warnings {
        tracing::warn!("{warning}");
    }
    descriptors::make_room(settings.http.max_connections);
    runtime()?.block_on(async {
        // Before anybody hears of the server: whoever does may tell it to stop at once.
        let mut signals = Signals::watch().context("signals cannot be heard")?;
        let server = tokio::select! {
            started = Server::start(settings, &keys) => started?,
            () = signals.told_to_stop() => return Ok(()),
        };
        announce(settings, server.addresses())?;
        let patience = Duration::from_secs(settings.http.shutdown_seconds);
        let listening = actix_web::rt::spawn(stop_when_told(signals, server.handle(), patience));
        let ended = server.run().await;
        telemetry.close().await;
        listening.abort();
        tracing::info!("stopped");
        ended
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Closes the door when told to stop. Not waited for: the server ends once it is closed, and with it
/// the process, unless that takes too long or we are told again.
async fn stop_when_told(mut signals: Signals, door: web::Handle, patience: Duration) {
    signals.told_to_stop().await;
    tracing::info!("stopping: finishing what was begun");
    let closing = async {
        door.close().await;
        // What is behind the door is still finishing.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = closing => {}
        () = signals.told_to_stop() => cut_off("told to stop again"),
        () = tokio::time::sleep(patience) => cut_off("it took too long"),
    }
}

/// Ends the process at once. What was acknowledged is on the disk, and what was not is either there or
/// not, as after a power cut.
#[expect(
    clippy::exit,
    reason = "whatever holds the process up would hold up any other way out"
)]
fn cut_off(why: &str) -> ! {
    tracing::warn!("stopping at once: {why}");
    exit(1)
}

/// Tells what was chosen and where to go: people by a table, machines by events.
fn announce(settings: &Settings, addresses: &[SocketAddr]) -> anyhow::Result<()> {
    let chosen = choices(settings);
    let url = address(settings, addresses);
    let version = env!("CARGO_PKG_VERSION");
    match settings.log.format {
        LogFormat::Pretty => {
            write!(
                io::stdout(),
                "\nTertulia {version}, profile {}\n\n{}\nPoint a browser or a client at {url}\n\n",
                settings.profile,
                Table(&chosen)
            )
            .context("standard output is closed")?;
        }
        LogFormat::Json => {
            tracing::info!(version, profile = %settings.profile, "starting");
            for Choice {
                part,
                adapter,
                reason,
            } in chosen
            {
                tracing::info!(part, adapter, reason, "chosen");
            }
        }
    }
    for address in addresses {
        tracing::info!(%address, url, "listening");
    }
    Ok(())
}

/// Where people reach the server: what they were told, or the first address in a form that a browser
/// understands.
fn address(settings: &Settings, addresses: &[SocketAddr]) -> String {
    if let Some(url) = &settings.http.public_url {
        return url.as_str().to_owned();
    }
    let Some(first) = addresses.first() else {
        return String::from("nowhere");
    };
    let host = if first.ip().is_unspecified() || first.ip().is_loopback() {
        "localhost".to_owned()
    } else if first.is_ipv6() {
        format!("[{}]", first.ip())
    } else {
        first.ip().to_string()
    };
    format!("http://{host}:{}", first.port())
}
