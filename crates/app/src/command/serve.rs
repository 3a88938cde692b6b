//! Running the server.

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

/// Serves until it is told to stop.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let telemetry = telemetry::start(settings)?;
    let keys = Keys::find(settings)?;
    for warning in &keys.warnings {
        tracing::warn!("{warning}");
    }
    descriptors::make_room(settings.http.max_connections);
    runtime()?.block_on(async {
        // Before the server is reachable: from then on it may be told to stop at any time.
        let mut signals = Signals::watch().context("could not install signal handlers")?;
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

/// Closes the door when told to stop. The task is not awaited: the server ends once the door is
/// closed, and the process with it, unless that takes too long or we are told a second time.
async fn stop_when_told(mut signals: Signals, door: web::Handle, patience: Duration) {
    signals.told_to_stop().await;
    tracing::info!("shutting down: draining requests and jobs");
    let closing = async {
        door.close().await;
        // Never completes: the rest of the shutdown is still running.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = closing => {}
        () = signals.told_to_stop() => cut_off("told to stop again"),
        () = tokio::time::sleep(patience) => cut_off("shutdown took too long"),
    }
}

/// Ends the process immediately. Whatever was acknowledged is durable, and what was not is either
/// stored or not, as after a power cut.
#[expect(
    clippy::exit,
    reason = "whatever holds the process up would hold up any other way out"
)]
fn cut_off(why: &str) -> ! {
    tracing::warn!("stopping at once: {why}");
    exit(1)
}

/// Announces the chosen adapters and the URL: as a table for people, as events for machines.
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

/// Where people reach the server: the configured public URL, or else the first address, in a form
/// that a browser understands.
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
