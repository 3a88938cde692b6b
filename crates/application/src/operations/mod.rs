//! Use cases about the running of the service itself.

mod administration;
mod admit_request;
mod check_health;
mod public_keys;

pub use administration::{AdminKey, Administration, Administrator};
pub use admit_request::AdmitRequest;
pub use check_health::CheckHealth;
pub use public_keys::PublicKeys;
