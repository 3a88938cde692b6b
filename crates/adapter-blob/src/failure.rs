//! The only place that reads the driver's errors.

use domain::Failure;
use object_store::Error;

/// Whether there is nothing under a name.
pub(crate) const fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
}

/// What a call came to. Who was refused is refused again; anything else may pass, for behind it is a
/// disk or a network.
pub(crate) fn of(action: &'static str, error: Error) -> Failure {
    if matches!(
        error,
        Error::PermissionDenied { .. }
            | Error::Unauthenticated { .. }
            | Error::NotSupported { .. }
            | Error::NotImplemented { .. }
            | Error::InvalidPath { .. }
            | Error::UnknownConfigurationKey { .. }
    ) {
        Failure::lasting("blobs", action, error)
    } else {
        Failure::passing("blobs", action, error)
    }
}
