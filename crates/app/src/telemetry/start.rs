//! Beginning to tell, and ending.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use super::collector::NoCollector;
use super::log::{subscriber, tell_panic};
use super::traces::Traces;
use crate::settings::Settings;

/// How long the last spans may take. Whoever stops a server waits for it.
const LAST: Duration = Duration::from_secs(2);

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is no filter.
    #[error("log.filter is not a list of levels like info,web=debug")]
    Filter(#[source] ParseError),
    /// Traces cannot be sent.
    #[error("traces cannot be sent")]
    Traces(#[from] NoCollector),
    /// Somebody listens already.
    #[error("events are told already")]
    Twice(#[source] TryInitError),
}

/// What has to be ended so that nothing of it is lost.
#[must_use = "what was not sent yet is sent when it is closed"]
pub struct Telemetry(Option<Traces>);

/// Starts telling, on standard error: standard output belongs to what a command was asked for. Must not be
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
    /// Sends what was not sent yet, if that is soon done.
    pub async fn close(self) {
        if let Some(traces) = self.0 {
            // A panic in there was told by the thread that panicked.
            drop(tokio::task::spawn_blocking(move || traces.close(LAST)).await);
        }
    }
}
