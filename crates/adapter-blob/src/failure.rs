//! The only place that interprets the driver's errors.

use domain::Failure;
use object_store::Error;

/// Whether an object does not exist.
pub(crate) const fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
}

/// Converts an error. A refusal is permanent; anything else may be temporary, since it comes from a
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
