//! TLS, configured the same for requests and sockets.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// Uses ring, and the certificates that the machine trusts; none are loaded if there is no
/// encryption.
pub(crate) fn config(encrypted: bool) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    if encrypted {
        // A certificate that cannot be parsed is skipped; the others are trusted all the same.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::encryption)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
