//! What calls go out by.

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
        // Whoever is sent elsewhere would take the key and the messages along.
        .redirect(Policy::none())
        // A proxy would come from the environment, which only the settings read.
        .no_proxy()
        .tls_backend_preconfigured(encryption(address.is_encrypted())?)
        .build()
        .map_err(|source| OpenError::Client {
            source: source.without_url().into(),
        })?;
    let wire = Wire::new(http.clone(), options);
    Ok(Client::build(http, address).with_http_service(wire))
}

/// By ring, with the certificates that the machine trusts. Where nothing is encrypted none is needed.
fn encryption(needed: bool) -> Result<ClientConfig, OpenError> {
    let refused = |source: domain::BoxError| OpenError::Certificates { source };
    let mut roots = RootCertStore::empty();
    if needed {
        // One that cannot be read is one less to trust, and no reason to trust none.
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
