//! The document is whole, and says what the types say.

mod document;
mod examples;
mod fields;
mod numbers;
mod schema;
mod words;
