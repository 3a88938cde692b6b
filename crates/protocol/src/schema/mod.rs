//! The wire as JSON Schema, for whoever writes it down: every type's own rules, as its reader checks
//! them. Tests hold the two to each other.

mod by_hand;
mod collect;
mod examples;
mod rules;

pub use collect::{Parameter, Schemas};
pub use examples::Example;
pub use schemars::JsonSchema;

pub(crate) use by_hand::{delivery_state, since, summary_style};
pub(crate) use rules::{also, bullets, events_limit, first_page, never_null, one_of, page_limit};

#[cfg(test)]
mod tests;
