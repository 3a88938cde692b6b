//! Summaries by a language model, over OpenAI's wire format: OpenAI itself, or any compatible server.
//!
//! [`OpenAi`] sends the messages as data (`prompt.rs`), beside a system prompt that is kept in a
//! versioned file under `prompts/`. Changing its wording takes a new version, since summaries are
//! cached under it. Nothing in the response is trusted: it must have the requested form (`answer.rs`),
//! may only cite messages that it was given, and loses every link and mention that does not occur in
//! them (`filter.rs`). It is streamed as it arrives, and what is streamed is the text of the summary,
//! not the JSON around it (`teller.rs`).
//!
//! A call ends in time, however slowly it is answered, and is retried at most once, if the server
//! indicates that this helps (`wire.rs`). No error contains a key, a prompt or a word of a message;
//! `broken.rs` lists them all.
//!
//! What may not live here: budgets, caches, the decision what to do when a model fails, and who may
//! read what.

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
