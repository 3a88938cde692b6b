//! The log.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::filter::{FilterFn, ParseError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::{LookupSpan, Registry};
use tracing_subscriber::{EnvFilter, Layer, fmt};

use super::line::Traced;
use super::traces::Traces;
use crate::settings::{Log, LogFormat};

/// Silences errors about malformed HTTP, which any client can provoke at will. A filter for the
/// same target turns them back on.
const QUIET: &str = "actix_http::h1::dispatcher=off";

/// The subscriber that the settings ask for.
pub(super) fn subscriber<W>(
    log: &Log,
    traces: Option<&Traces>,
    colours: bool,
    writer: W,
) -> Result<Box<dyn Subscriber + Send + Sync>, ParseError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(format!("{QUIET},{}", log.filter))?;
    Ok(match traces {
        None => Box::new(
            Registry::default()
                .with(filter)
                .with(no_spans())
                .with(lines(log.format, colours, writer)),
        ),
        // The log's filter must not affect traces.
        Some(traces) => Box::new(
            Registry::default()
                .with(traces.layer())
                .with(lines(log.format, colours, writer).with_filter(filter)),
        ),
    })
}

fn lines<S, W>(format: LogFormat, colours: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer);
    match format {
        LogFormat::Pretty => lines
            .with_ansi(colours)
            .map_event_format(Traced::for_people)
            .boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .map_event_format(Traced::for_machines)
            .boxed(),
    }
}

/// Without a collector no spans are created; the decision is cached per callsite.
fn no_spans() -> FilterFn {
    filter_fn(|metadata| !metadata.is_span())
}

/// Logs panics as events. On standard error alone they would not reach a log collector.
pub(super) fn tell_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("of an unknown kind");
    let location = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    // Only captured if RUST_BACKTRACE asks for it.
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
    use std::io;
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
        let subscriber = subscriber(&log, None, false, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, tell);
        page.text()
    }

    #[test]
    fn machines_get_one_object_a_line() {
        let text = written(LogFormat::Json, "info", || {
            tracing::info!(port = 3000, "listening");
        });
        assert!(text.starts_with('{') && text.ends_with("}\n"), "{text}");
        for part in [r#""message":"listening""#, r#""port":3000"#] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn where_nobody_collects_spans_there_are_none() {
        written(LogFormat::Json, "trace", || {
            assert!(tracing::info_span!("request").is_disabled());
            assert!(tracing::enabled!(tracing::Level::TRACE));
        });
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
        assert!(subscriber(&log, None, false, io::sink).is_err());
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
            "log.rs",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
