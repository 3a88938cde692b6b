//! The HTTP client.

use std::sync::Arc;

use async_openai::Client;
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::address::Address;
use crate::wire::Wire;
use crate::{OpenAiOptions, OpenError};

pub(crate) fn client(options: &OpenAiOptions) -> Result<Client<Address>, OpenError> {
    let address = Address::parse(&options.base_url, &options.api_key)?;
    let http = reqwest::Client::builder()
        .connect_timeout(options.connect_timeout)
        // A redirect would take the key and the messages elsewhere.
        .redirect(Policy::none())
        // A proxy would be taken from the environment, which only the settings may read.
        .no_proxy()
        .tls_backend_preconfigured(encryption(address.is_encrypted())?)
        .build()
        .map_err(|source| OpenError::Client {
            source: source.without_url().into(),
        })?;
    let wire = Wire::new(http.clone(), options);
    Ok(Client::build(http, address).with_http_service(wire))
}

/// TLS by ring, with the certificates that the machine trusts. Without encryption none are needed.
fn encryption(needed: bool) -> Result<ClientConfig, OpenError> {
    let refused = |source: domain::BoxError| OpenError::Certificates { source };
    let mut roots = RootCertStore::empty();
    if needed {
        // A certificate that cannot be parsed is skipped; it is no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            return Err(refused("there is no certificate to trust".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|source| refused(source.into()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
