//! Traces: which spans are exported, and where traces continue from.

use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider,
};
use tracing::{Level, Metadata, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::DynFilterFn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::collector::{NoCollector, exporter};
use super::delivery::{Counting, Delivery};
use crate::settings;

/// The capacity of the export queue. Spans beyond it are dropped, but counted.
const WAITING: usize = 8_192;
/// How many spans are exported at once.
const AT_ONCE: usize = 512;
/// How long a span may wait for a batch to fill up.
const GATHERED: Duration = Duration::from_secs(2);
/// The name of spans of store calls, which adapters create wherever they are called from.
const STORE: &str = "store";

/// Exports spans to a collector.
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts exporting, if a collector is configured. It need not be reachable yet.
    pub(super) fn start(settings: &settings::Traces) -> Result<Option<Self>, NoCollector> {
        let Some(url) = &settings.endpoint else {
            return Ok(None);
        };
        let bounds = BatchConfigBuilder::default()
            .with_max_queue_size(WAITING)
            .with_max_export_batch_size(AT_ONCE)
            .with_scheduled_delay(GATHERED)
            .build();
        let queue = BatchSpanProcessor::builder(Delivery::new(exporter(url)?))
            .with_batch_config(bounds)
            .build();
        let resource = Resource::builder()
            .with_service_name(settings.service.clone())
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        // The caller's sampling decision is followed, so that no trace has gaps.
        let share = Sampler::TraceIdRatioBased(settings.share.of_one());
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_resource(resource)
            .with_span_processor(Counting(queue))
            .build();
        Ok(Some(Self { provider }))
    }

    /// The layer that records spans.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        OpenTelemetryLayer::new(self.provider.tracer("tertulia"))
            .with_threads(false)
            .with_location(false)
            .with_tracked_inactivity(false)
            .with_filter(DynFilterFn::new(is_followed))
    }

    /// Exports the remaining spans and stops.
    pub(super) fn close(self, patience: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(patience) {
            tracing::warn!(%error, "could not export the last spans");
        }
    }
}

/// Exports spans but no events, which belong in the log. A node's own periodic store calls, outside
/// of any span, are left out, because nobody would look for them.
fn is_followed<S>(metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    metadata.is_span()
        && *metadata.level() <= Level::INFO
        && (metadata.name() != STORE || context.lookup_current().is_some())
}

/// Makes a span the child of a remote one, given by the request's W3C Trace Context headers.
pub(crate) fn adopt(span: &tracing::Span, parent: &str, state: Option<&str>) {
    let headers = TraceHeaders { parent, state };
    // Fails if traces are not exported.
    drop(span.set_parent(TraceContextPropagator::new().extract(&headers)));
}

struct TraceHeaders<'a> {
    parent: &'a str,
    state: Option<&'a str>,
}

impl Extractor for TraceHeaders<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => Some(self.parent),
            "tracestate" => self.state,
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}
