//! Socket.IO: the vocabularies of clients that speak it.
//!
//! `door` lets somebody in, and from then on one task owns their socket (`stay`): it has what they ask for
//! carried out (`orders`), and tells them what happens where they listen. A vocabulary is a table
//! from events to orders, and from news to events (`vocabulary`); whatever stands behind it is the same
//! as behind `/api/ws`. The transport is the crate `socketio`, which knows nothing of chat.

mod answers;
mod door;
mod greet;
mod jobs;
mod order;
mod orders;
mod proof;
mod stay;
mod visitor;
pub(crate) mod vocabulary;

pub(crate) use door::{is_of_session, mount, server};
