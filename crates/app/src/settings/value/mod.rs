//! The types of settings that are more than a number or a text.

mod collector_url;
mod limit;
mod log_format;
mod media_place;
mod origins;
mod period;
mod profile;
mod proxy;
mod public_url;
mod secret;
mod service_url;
mod share;
mod store;
mod text;

pub use collector_url::CollectorUrl;
pub(super) use limit::limit;
pub use log_format::LogFormat;
pub use media_place::MediaPlace;
pub use origins::Origins;
pub(super) use period::period;
pub use profile::Profile;
pub use proxy::TrustedProxy;
pub use public_url::PublicUrl;
pub use secret::Secret;
pub use service_url::ServiceUrl;
pub use share::Share;
pub(super) use store::DatabaseUrl;
pub use store::Store;
pub(super) use text::{optional, parsed, parsed_each};
