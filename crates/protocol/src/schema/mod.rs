//! The wire protocol as JSON Schema, for generated documents. Every type's schema expresses the same
//! rules as its parser; tests keep the two consistent.

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
