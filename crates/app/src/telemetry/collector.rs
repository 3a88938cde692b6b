//! The exporter for a collector: OTLP over HTTP.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_otlp::{
    ExporterBuildError, Protocol, RetryPolicy, SpanExporter, WithExportConfig as _,
    WithHttpConfig as _,
};
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::settings::CollectorUrl;

/// The timeout of an export.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the exporter could not be built. Whether a collector is reachable does not matter for that.
#[derive(Debug, thiserror::Error)]
pub enum NoCollector {
    /// The HTTP client could not be built.
    #[error("could not build the HTTP client")]
    Client(#[source] reqwest::Error),
    /// TLS could not be set up.
    #[error("could not set up TLS")]
    Encryption(#[source] rustls::Error),
    /// The exporter rejected its configuration.
    #[error("could not build an exporter for this address")]
    Exporter(#[from] ExporterBuildError),
}

/// Exports spans, on a thread of its own.
pub(super) fn exporter(url: &CollectorUrl) -> Result<SpanExporter, NoCollector> {
    Ok(SpanExporter::builder()
        .with_http()
        .with_http_client(client()?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url.of_traces())
        .with_timeout(PATIENCE)
        // Other spans wait meanwhile, and a server that is stopping does not wait for long.
        .with_retry_policy(RetryPolicy::recommended().with_max_retries(1))
        .build()?)
}

fn client() -> Result<Client, NoCollector> {
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        // A proxy would be taken from the environment, which only the settings may read.
        .no_proxy()
        .tls_backend_preconfigured(encryption()?)
        .build()
        .map_err(NoCollector::Client)
}

/// Uses ring, and the certificates that the machine trusts.
fn encryption() -> Result<ClientConfig, NoCollector> {
    let mut roots = RootCertStore::empty();
    // A certificate that cannot be parsed is skipped; the others are trusted all the same.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(NoCollector::Encryption)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
