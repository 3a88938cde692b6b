//! Whatever comes in whatever order: at the end everybody who listens knows everything, and was told of
//! it step by step.
//!
//! A store commits changes of rooms. Hints of them come late, twice or not at all; workers lose what they
//! were told; the store is read in parts, and is further on by the time the answer is there. Clients
//! subscribe, read slowly, fall behind, reconnect, leave and are removed. They do what the server's
//! sockets do, one step at a time, and check each frame that they get.

mod client;
mod reader;
mod scenes;
mod store;
mod world;
