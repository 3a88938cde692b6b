//! The way to a collector: OTLP over HTTP.

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

/// How long it may take to take some spans.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there is no way to a collector. None of it has to do with whether one is there.
#[derive(Debug, thiserror::Error)]
pub enum NoCollector {
    /// There is no client to send with.
    #[error("there is no client to send them with")]
    Client(#[source] reqwest::Error),
    /// Nothing can be encrypted.
    #[error("nothing can be encrypted")]
    Encryption(#[source] rustls::Error),
    /// The exporter was refused.
    #[error("there is no exporter for this address")]
    Exporter(#[from] ExporterBuildError),
}

/// What sends spans there, from a thread of its own.
pub(super) fn exporter(url: &CollectorUrl) -> Result<SpanExporter, NoCollector> {
    Ok(SpanExporter::builder()
        .with_http()
        .with_http_client(client()?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url.of_traces())
        .with_timeout(PATIENCE)
        // Those behind them wait meanwhile, and a server that stops does not wait for long.
        .with_retry_policy(RetryPolicy::recommended().with_max_retries(1))
        .build()?)
}

fn client() -> Result<Client, NoCollector> {
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        // A proxy would come from the environment, which only the settings read.
        .no_proxy()
        .tls_backend_preconfigured(encryption()?)
        .build()
        .map_err(NoCollector::Client)
}

/// By ring, with the certificates that the machine trusts.
fn encryption() -> Result<ClientConfig, NoCollector> {
    let mut roots = RootCertStore::empty();
    // One that cannot be read is one less to trust, and no reason to trust none.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(NoCollector::Encryption)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
