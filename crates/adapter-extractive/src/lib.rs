//! Summaries in the words of those who spoke: no model, no key, no network.
//!
//! [`Extractive`] quotes the messages that say most of what was said. Three things decide which these
//! are. Sentences that share their words with many others are central (`rank.rs`: `LexRank` on the
//! graph of sentences and words, so that a step is linear in the number of words). Decisions, tasks,
//! causes, dates, figures and links weigh more (`lexicon.rs`, by the lists in `words/`, to which any
//! language can be added). And questions belong with their answers, and proposals with those who agree
//! (`exchange.rs`). What is similar to a quoted message is then less worth quoting (`choose.rs`).
//!
//! It is the summariser of a server without a model, and the fallback when a model fails. The same
//! material always gives the same summary.
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
