//! What the process tells about itself while it runs: events, for people or for machines.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, IsTerminal as _};
use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt, registry};

use crate::settings::{Log, LogFormat};

/// What whoever connects can have written at will, as an error each time: that they speak HTTP badly.
/// A filter of the same name brings it back.
const QUIET: &str = "actix_http::h1::dispatcher=off";

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is no filter.
    #[error("log.filter is not a list of levels like info,web=debug")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// Somebody listens already.
    #[error("events are told already")]
    Twice(#[source] TryInitError),
}

/// Starts telling, on standard error: standard output belongs to what a command was asked for.
pub fn start(log: &Log) -> Result<(), TelemetryError> {
    let colours = io::stderr().is_terminal();
    subscriber(log, colours, io::stderr)?
        .try_init()
        .map_err(TelemetryError::Twice)?;
    std::panic::set_hook(Box::new(tell_panic));
    Ok(())
}

/// What listens, as the settings ask.
fn subscriber<W>(
    log: &Log,
    colours: bool,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .parse(format!("{QUIET},{}", log.filter))
        .map_err(TelemetryError::Filter)?;
    let lines = fmt::layer().with_writer(writer);
    let lines = match log.format {
        LogFormat::Pretty => lines.with_ansi(colours).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    };
    Ok(registry().with(filter).with(lines))
}

/// A panic is an event like any other: on standard error alone, whoever collects events would not
/// see it.
fn tell_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("of an unknown kind");
    let location = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    // Taken only where RUST_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace);
    tracing::error!(
        panic = message,
        location = location.as_deref(),
        thread = thread.name(),
        backtrace = backtrace.map(tracing::field::display),
        "panicked"
    );
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Page {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(format: LogFormat, filter: &str, tell: impl FnOnce()) -> String {
        let page = Page::default();
        let log = Log {
            format,
            filter: filter.to_owned(),
        };
        let writer = page.clone();
        let subscriber = subscriber(&log, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, tell);
        page.text()
    }

    #[test]
    fn machines_get_one_object_a_line() {
        let text = written(LogFormat::Json, "info", || {
            let span = tracing::info_span!("request", id = "r-1");
            span.in_scope(|| tracing::info!(port = 3000, "listening"));
        });
        assert!(text.starts_with('{') && text.ends_with("}\n"), "{text}");
        for part in [
            r#""message":"listening""#,
            r#""port":3000"#,
            r#""id":"r-1""#,
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn people_get_lines_without_escapes_where_nobody_shows_colours() {
        let text = written(LogFormat::Pretty, "info", || {
            tracing::info!(port = 3000, "listening");
        });
        assert!(
            text.contains("INFO") && text.contains("listening port=3000"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn the_filter_is_kept() {
        let text = written(LogFormat::Pretty, "warn,chatty=debug", || {
            tracing::info!("quiet");
            tracing::debug!(target: "chatty", "loud");
        });
        assert!(!text.contains("quiet") && text.contains("loud"), "{text}");
    }

    #[test]
    fn strangers_cannot_fill_the_log() {
        let told = |filter: &str| {
            written(LogFormat::Pretty, filter, || {
                tracing::error!(target: "actix_http::h1::dispatcher", "no HTTP");
            })
        };
        for filter in ["info", "debug", "info,web=debug", "actix_http=info", ""] {
            assert_eq!(told(filter), "", "{filter}");
        }
        assert!(told("warn,actix_http::h1::dispatcher=error").contains("no HTTP"));
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        let log = Log {
            format: LogFormat::Json,
            filter: "web=loudly".to_owned(),
        };
        let refusal = subscriber(&log, false, io::sink).err().unwrap();
        assert!(matches!(refusal, TelemetryError::Filter(_)));
    }

    #[test]
    fn a_panic_is_an_event() {
        let text = written(LogFormat::Json, "error", || {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(tell_panic));
            let outcome = std::panic::catch_unwind(|| panic!("out of cups"));
            std::panic::set_hook(before);
            assert!(outcome.is_err());
        });
        for part in [
            r#""message":"panicked""#,
            r#""panic":"out of cups""#,
            "telemetry.rs",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
