//! Socket.IO, and the vocabularies of the clients that use it.
//!
//! `door` admits a client, and from then on one task owns its socket (`stay`): it has orders carried out
//! (`orders`), and passes on what happens in the rooms that the client listens to. A vocabulary maps
//! events to orders, and news to events (`vocabulary`); everything behind it is shared with `/api/ws`.
//! The transport is the crate `socketio`, which knows nothing about chat.

mod answers;
mod door;
mod greet;
mod jobs;
mod order;
mod orders;
mod proof;
mod stay;
mod unheard;
mod visitor;
pub(crate) mod vocabulary;

pub(crate) use door::{is_of_session, is_poll, mount, server};
