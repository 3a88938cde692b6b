//! The HTTP client for S3, with rustls and the certificates that the machine trusts.

use std::sync::Arc;
use std::time::Duration;

use object_store::client::{HttpClient, HttpConnector};
use object_store::{ClientOptions, Error, Result};
use rustls::{ClientConfig, RootCertStore};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a server may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// Creates the client.
#[derive(Debug)]
pub(crate) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> Result<HttpClient> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(trust().map_err(unusable)?)
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .no_gzip()
            .build()
            .map_err(unusable)?;
        Ok(HttpClient::new(client))
    }
}

fn trust() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    // An unreadable certificate is skipped; the others remain trusted.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn unusable(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic {
        store: "S3",
        source: Box::new(source),
    }
}
