//! Counts exported spans, and logs once when exporting starts to fail or recovers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};

/// Counts the spans to be exported. Those that do not fit into the queue are dropped silently.
#[derive(Debug)]
pub(super) struct Counting<P>(pub(super) P);

impl<P: SpanProcessor> SpanProcessor for Counting<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        metrics::counter!("tertulia_spans_total").increment(1);
        self.0.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Exports spans, and only logs when the collector becomes unavailable and when it is back.
#[derive(Debug)]
pub(super) struct Delivery<E> {
    exporter: E,
    is_away: AtomicBool,
}

impl<E> Delivery<E> {
    pub(super) const fn new(exporter: E) -> Self {
        Self {
            exporter,
            is_away: AtomicBool::new(false),
        }
    }
}

impl<E: SpanExporter> SpanExporter for Delivery<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let sent = self.exporter.export(batch).await;
        let was_away = self.is_away.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Ok(()) => {
                metrics::counter!("tertulia_spans_sent_total").increment(count);
                if was_away {
                    tracing::info!("spans are exported again");
                }
            }
            Err(error) if !was_away => {
                tracing::warn!(
                    %error,
                    "could not export spans; dropping them until the collector recovers"
                );
            }
            Err(_) => (),
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
