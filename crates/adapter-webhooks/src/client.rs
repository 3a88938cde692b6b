//! What calls go out by.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::OpenError;
use crate::reach::{Reach, Resolver};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whose certificates are trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Nobody's: nothing is encrypted.
    Nobody,
    /// Those that the machine trusts, of which there have to be some.
    Somebody,
    /// Those that the machine trusts, if any: perhaps nothing will be encrypted.
    WhatThereIs,
}

pub(crate) fn client(trust: Trust, reach: Reach) -> Result<reqwest::Client, OpenError> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .dns_resolver(Resolver(reach))
        // Whoever is sent elsewhere would take what is told along.
        .redirect(Policy::none())
        // A proxy would come from the environment, which only the settings read.
        .no_proxy()
        .tls_backend_preconfigured(encryption(trust)?)
        .build()
        .map_err(|source| OpenError::Client(source.without_url().into()))
}

/// By ring, with the certificates that the machine trusts.
fn encryption(trust: Trust) -> Result<ClientConfig, OpenError> {
    let mut roots = RootCertStore::empty();
    if trust != Trust::Nobody {
        // One that cannot be read is one less to trust, and no reason to trust none.
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
