//! Summaries by a language model, over OpenAI's wire format: OpenAI itself, or any server that speaks as
//! it does.
//!
//! [`OpenAi`] sends what was said as data (`prompt.rs`), beside a prompt that lives in a file with a
//! version, `prompts/`; a change of its words takes a new version, since summaries are cached under it.
//! What comes back is believed in nothing: it has to have the form that was asked for (`answer.rs`),
//! cites only messages that it was given, and brings along no link and no mention that is not in them
//! (`filter.rs`). It is streamed as it comes, and what is streamed are the words of the summary, not the
//! JSON that they are in (`teller.rs`).
//!
//! A call ends in time, however slowly it is answered, and is repeated at most once, when the server says
//! that this helps (`wire.rs`). No error holds a key, a prompt or a word of a message: `broken.rs` names
//! all there are.
//!
//! What may not live here: budgets, caches, the decision what to do when a model fails, and who may read
//! what.

mod address;
mod answer;
mod broken;
mod client;
mod estimate;
mod event;
mod filter;
mod guard;
mod open_error;
mod options;
mod prompt;
mod question;
mod retry;
mod sources;
mod summariser;
mod tale;
mod teller;
mod wire;

pub use open_error::OpenError;
pub use options::OpenAiOptions;
pub use summariser::OpenAi;
