//! Serving.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::choice::{Choice, Table, choices};
use crate::keys::Keys;
use crate::server::{Server, runtime};
use crate::settings::{LogFormat, Settings};
use crate::telemetry;

/// Serves until told to stop.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    telemetry::start(&settings.log)?;
    let keys = Keys::find(settings)?;
    for warning in &keys.warnings {
        tracing::warn!("{warning}");
    }
    runtime()?.block_on(async {
        let server = Server::start(settings, &keys)?;
        announce(settings, server.addresses())?;
        let handle = server.handle();
        // Not waited for: it ends with the process when nobody says stop.
        let listening = actix_web::rt::spawn(async move {
            let told = told_to_stop().await;
            if let Err(error) = &told {
                tracing::error!(%error, "signals cannot be heard");
            }
            tracing::info!("stopping: finishing what was begun");
            handle.close().await;
        });
        let ended = server.run().await;
        listening.abort();
        tracing::info!("stopped");
        ended
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn told_to_stop() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Tells what was chosen and where to go: people by a table, machines by events.
fn announce(settings: &Settings, addresses: &[SocketAddr]) -> anyhow::Result<()> {
    let chosen = choices(settings);
    let url = address(settings, addresses);
    match settings.log.format {
        LogFormat::Pretty => {
            let version = env!("CARGO_PKG_VERSION");
            write!(
                io::stdout(),
                "\nTertulia {version}, profile {}\n\n{}\nPoint a browser or a client at {url}\n\n",
                settings.profile,
                Table(&chosen)
            )
            .context("standard output is closed")?;
        }
        LogFormat::Json => {
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
