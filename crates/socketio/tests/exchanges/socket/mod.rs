//! Socket.IO 5.

mod acks;
mod broadcast;
mod connect;
mod lifetime;
mod messages;
mod outgoing;
mod sources;
