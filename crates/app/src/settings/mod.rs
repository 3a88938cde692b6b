//! The settings and how they are loaded: compiled-in defaults, files, the environment.
//!
//! Every setting has a line in `config/default.toml`, which is compiled in and is therefore the
//! list of what exists. An unknown name is refused wherever it occurs, and so is a value of the
//! wrong type; the error names the file or variable, and never repeats a value.

mod check;
mod derived;
mod draft;
mod environment;
mod error;
mod load;
mod names;
#[cfg(test)]
mod production_tests;
mod ranges;
#[cfg(test)]
mod tests;
mod tree;
mod value;

pub use environment::Environment;
pub use error::{Origin, SettingsError};
pub use load::{load, load_from_process};
pub use tree::{
    Admin, Auth, Backend, Database, GroupCommit, Http, Jobs, Limits, Log, Media, Metrics,
    Notifications, OpenAi, Push, Redis, Settings, Storage, Summaries, Traces, Webhooks,
};
pub use value::{
    CollectorUrl, LogFormat, MediaPlace, Origins, Profile, PublicUrl, Secret, ServiceUrl, Share,
    Store, TrustedProxy,
};
