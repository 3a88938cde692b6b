//! Starting and closing telemetry.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use super::collector::NoCollector;
use super::log::{subscriber, tell_panic};
use super::traces::Traces;
use crate::settings::Settings;

/// How long exporting the last spans may delay a shutdown.
const LAST: Duration = Duration::from_secs(2);

/// Why telemetry could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is invalid.
    #[error("log.filter is not a list of levels like info,web=debug")]
    Filter(#[source] ParseError),
    /// Traces cannot be exported.
    #[error("traces cannot be exported")]
    Traces(#[from] NoCollector),
    /// Another subscriber is installed already.
    #[error("a log subscriber is installed already")]
    Twice(#[source] TryInitError),
}

/// Exports spans. It must be closed, or the last of them are lost.
#[must_use = "closing it exports the remaining spans"]
pub struct Telemetry(Option<Traces>);

/// Starts logging to standard error: standard output belongs to the output of commands. Must not be
/// called within a runtime.
pub fn start(settings: &Settings) -> Result<Telemetry, TelemetryError> {
    let traces = Traces::start(&settings.traces)?;
    let colours = io::stderr().is_terminal();
    subscriber(&settings.log, traces.as_ref(), colours, io::stderr)
        .map_err(TelemetryError::Filter)?
        .try_init()
        .map_err(TelemetryError::Twice)?;
    std::panic::set_hook(Box::new(tell_panic));
    Ok(Telemetry(traces))
}

impl Telemetry {
    /// Exports the remaining spans, within a short timeout.
    pub async fn close(self) {
        if let Some(traces) = self.0 {
            // A panic there was already logged by the panic hook.
            drop(tokio::task::spawn_blocking(move || traces.close(LAST)).await);
        }
    }
}
