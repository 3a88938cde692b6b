//! The HTTP client.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::OpenError;
use crate::reach::{Reach, Resolver};

/// How long a whole call may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which certificates are trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// None: nothing is encrypted.
    Nobody,
    /// Those that the machine trusts, of which there must be at least one.
    Somebody,
    /// Those that the machine trusts, if any: it may turn out that nothing is encrypted.
    WhatThereIs,
}

pub(crate) fn client(trust: Trust, reach: Reach) -> Result<reqwest::Client, OpenError> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .dns_resolver(Resolver(reach))
        // A redirect would take the content elsewhere.
        .redirect(Policy::none())
        // A proxy would be taken from the environment, which only the settings may read.
        .no_proxy()
        .tls_backend_preconfigured(encryption(trust)?)
        .build()
        .map_err(|source| OpenError::Client(source.without_url().into()))
}

/// TLS by ring, with the certificates that the machine trusts.
fn encryption(trust: Trust) -> Result<ClientConfig, OpenError> {
    let mut roots = RootCertStore::empty();
    if trust != Trust::Nobody {
        // A certificate that cannot be parsed is skipped; it is no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() && trust == Trust::Somebody {
            return Err(OpenError::Client("there is no certificate to trust".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|source| OpenError::Client(source.into()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
