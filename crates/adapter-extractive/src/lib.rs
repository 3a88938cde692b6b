//! Summaries in the words of those who spoke: no model, no key, no network.
//!
//! [`Extractive`] quotes the messages that say most of what was said. Which these are is a matter of
//! three things. Sentences that share their words with many others are central (`rank.rs`, `LexRank` on
//! the graph of sentences and words, so that a step costs as much as there are words). Decisions, tasks,
//! causes, dates, figures and links weigh more (`lexicon.rs`, by the lists in `words/`, which any
//! language can be added to). And who asks, answers or agrees belongs together (`exchange.rs`). What is
//! quoted already makes what is like it less worth quoting (`choose.rs`).
//!
//! It is the summariser of a server that has no model, and the one that answers when a model fails. The
//! same material is always told the same way.
//!
//! What may not live here: a network, a clock, a cache, who may read what, and a sentence of our own.
//! Whatever a summary says, somebody said.

mod candidate;
mod choose;
mod digest;
mod exchange;
mod lexicon;
mod number;
mod plain;
mod quote;
mod rank;
mod saying;
mod script;
mod sentence;
mod signs;
mod summariser;
mod vocabulary;
mod weigh;

pub use summariser::Extractive;
