//! A model test: whatever happens in whatever order, at the end every listener knows everything, and was
//! told of it step by step.
//!
//! A store commits changes of rooms. Hints of them arrive late, twice or not at all; workers lose items;
//! the store is read in pages, and has moved on by the time its answer arrives. Clients subscribe, read
//! slowly, fall behind, reconnect, leave and are removed. They do what the server's sockets do, one step
//! at a time, and check each frame that they get.

mod client;
mod reader;
mod scenes;
mod store;
mod world;
