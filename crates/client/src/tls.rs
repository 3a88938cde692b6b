//! Encryption, the same for requests and sockets.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// By ring, with the certificates that the machine trusts; none are read where nothing is encrypted.
pub(crate) fn config(encrypted: bool) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if encrypted {
        // One that cannot be read is one less to trust, and no reason to trust none.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::encryption)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
