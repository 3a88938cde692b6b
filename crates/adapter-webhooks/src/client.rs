//! What calls go out by.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::OpenError;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn client(encrypted: bool) -> Result<reqwest::Client, OpenError> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        // Whoever is sent elsewhere would take what is told along.
        .redirect(Policy::none())
        // A proxy would come from the environment, which only the settings read.
        .no_proxy()
        .tls_backend_preconfigured(encryption(encrypted)?)
        .build()
        .map_err(|source| OpenError::Client(source.without_url().into()))
}

/// By ring, with the certificates that the machine trusts. Where nothing is encrypted none is needed.
fn encryption(needed: bool) -> Result<ClientConfig, OpenError> {
    let mut roots = RootCertStore::empty();
    if needed {
        // One that cannot be read is one less to trust, and no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(OpenError::Client("there is no certificate to trust".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|source| OpenError::Client(source.into()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
