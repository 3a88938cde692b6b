//! Traces: which spans are followed, and from where on.

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

/// How many spans may wait. One more is dropped, and counted.
const WAITING: usize = 8_192;
/// How many are sent at once.
const AT_ONCE: usize = 512;
/// How long one may wait for others to be sent with.
const GATHERED: Duration = Duration::from_secs(2);
/// Calls of a store, which adapters begin wherever they are called from.
const STORE: &str = "store";

/// Spans on their way to a collector.
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Begins, if there is a collector. Nobody has to be there yet.
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
        // Whoever calls decides for what it calls, so that no trace has holes.
        let share = Sampler::TraceIdRatioBased(settings.share.of_one());
        let provider = SdkTracerProvider::builder()
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_resource(resource)
            .with_span_processor(Counting(queue))
            .build();
        Ok(Some(Self { provider }))
    }

    /// What hands spans over.
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

    /// Sends what was not sent yet, and no more.
    pub(super) fn close(self, patience: Duration) {
        if let Err(error) = self.provider.shutdown_with_timeout(patience) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Spans, and no events: what is written in the log stays there. What a node asks its store by itself, every
/// second or so, belongs to nothing that anybody would look for.
fn is_followed<S>(metadata: &Metadata<'_>, context: &Context<'_, S>) -> bool
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    metadata.is_span()
        && *metadata.level() <= Level::INFO
        && (metadata.name() != STORE || context.lookup_current().is_some())
}

/// Makes a span the child of one elsewhere, of which a request tells in headers of W3C's Trace Context.
pub(crate) fn adopt(span: &tracing::Span, parent: &str, state: Option<&str>) {
    let told = Told { parent, state };
    // Refused where nobody follows spans.
    drop(span.set_parent(TraceContextPropagator::new().extract(&told)));
}

struct Told<'a> {
    parent: &'a str,
    state: Option<&'a str>,
}

impl Extractor for Told<'_> {
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
