//! Frames as clients and the server write them.

mod asyncapi;
mod commands;
mod corpus;
mod hostile;
mod ids;
mod samples;
mod scene;
mod server;
