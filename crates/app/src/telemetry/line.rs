//! Adds the ids of trace and span to log lines.

use std::fmt;

use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

/// Formats lines like another format, and adds the ids of the trace and the span, if there are any.
pub(super) struct Traced<F> {
    format: F,
    for_machines: bool,
}

impl<F> Traced<F> {
    pub(super) const fn for_people(format: F) -> Self {
        Self {
            format,
            for_machines: false,
        }
    }

    /// For lines that are JSON objects.
    pub(super) const fn for_machines(format: F) -> Self {
        Self {
            format,
            for_machines: true,
        }
    }
}

impl<F, S, N> FormatEvent<S, N> for Traced<F>
where
    F: FormatEvent<S, N>,
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(span) = current() else {
            return self.format.format_event(context, writer, event);
        };
        let mut line = String::new();
        let into = Writer::new(&mut line);
        self.format.format_event(context, into, event)?;
        writer.write_str(&with_ids(&line, &span, self.for_machines))?;
        writer.write_char('\n')
    }
}

/// The span that an event belongs to, if traces are exported.
fn current() -> Option<SpanContext> {
    let context = tracing::dispatcher::get_default(|dispatch| {
        let current = dispatch.current_span();
        tracing_opentelemetry::get_otel_context(current.id()?, dispatch)
    })?;
    let span = context.span().span_context().clone();
    span.is_valid().then_some(span)
}

fn with_ids(line: &str, span: &SpanContext, for_machines: bool) -> String {
    let (line, trace, span) = (line.trim_end(), span.trace_id(), span.span_id());
    match line.strip_suffix('}').filter(|_| for_machines) {
        Some(open) => format!(r#"{open},"trace_id":"{trace}","span_id":"{span}"}}"#),
        None => format!("{line} trace_id={trace} span_id={span}"),
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags, TraceId, TraceState};

    use super::*;

    #[test]
    fn both_kinds_of_lines_say_it_at_their_end() {
        let (trace, span) = (TraceId::from(0xab), SpanId::from(0xcd));
        let flags = TraceFlags::SAMPLED;
        let span = SpanContext::new(trace, span, flags, false, TraceState::NONE);
        let ids = ("0".repeat(30) + "ab", "0".repeat(14) + "cd");
        assert_eq!(
            with_ids("{\"message\":\"hm\"}\n", &span, true),
            format!(
                r#"{{"message":"hm","trace_id":"{}","span_id":"{}"}}"#,
                ids.0, ids.1
            )
        );
        assert_eq!(
            with_ids("INFO hm {a}\n", &span, false),
            format!("INFO hm {{a}} trace_id={} span_id={}", ids.0, ids.1)
        );
    }
}
