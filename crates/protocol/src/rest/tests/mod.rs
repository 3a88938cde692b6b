//! Each request as clients write it, and each of its fields as they should not.

mod account;
mod hostile;
mod members;
mod messages;
mod pages;
mod people;
mod push;
mod rooms;
mod scene;
mod summaries;
mod webhooks;
