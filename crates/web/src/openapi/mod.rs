//! The routes as an OpenAPI 3.1 document.
//!
//! Each file describes the operations of one tag, in the order of `routes/table.rs`, by the types
//! that the handlers read and return. What those types contain is described in `protocol`; what all
//! operations have in common is described once, in `operation`. Tests check the document against
//! the table.

mod accounts;
mod chats;
mod content;
mod document;
mod headers;
mod history;
mod media;
mod members;
mod messages;
mod operation;
mod operations;
mod people;
mod problems;
mod push;
mod rooms;
mod vouching;
mod webhooks;

pub use document::document;

#[cfg(test)]
mod tests;
