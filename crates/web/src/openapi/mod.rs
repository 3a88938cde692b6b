//! The routes as an OpenAPI 3.1 document.
//!
//! Each file describes the operations of one tag, in the order of `routes/table.rs`, by the types that
//! the handlers read and answer with. What those types hold is for `protocol` to say; what every
//! operation has in common is said once, in `operation`. Tests hold the document to the table.

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
mod webhooks;

pub use document::document;

#[cfg(test)]
mod tests;
