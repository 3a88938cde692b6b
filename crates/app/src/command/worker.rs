//! Processing jobs, and nothing else.

use std::process::ExitCode;

use super::signals::Signals;
use crate::keys::Keys;
use crate::server::runtime;
use crate::settings::Settings;
use crate::telemetry;
use crate::wiring::House;
use anyhow::Context as _;

/// Processes jobs until told to stop.
pub(super) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let telemetry = telemetry::start(settings)?;
    let keys = Keys::find(settings)?;
    let mut settings = settings.clone();
    settings.jobs.in_server = true;
    runtime()?.block_on(async {
        let mut signals = Signals::watch().context("could not install signal handlers")?;
        let house = tokio::select! {
            built = House::build(&settings, &keys) => built?,
            () = signals.told_to_stop() => return Ok(()),
        };
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "worker started");
        signals.told_to_stop().await;
        tracing::info!("shutting down: draining jobs");
        let closed = async {
            house.close().await;
            telemetry.close().await;
        };
        // What does not finish is left to the next worker, as after a power cut.
        tokio::select! {
            () = closed => tracing::info!("stopped"),
            () = signals.told_to_stop() => tracing::warn!("told to stop again: stopping at once"),
        }
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
