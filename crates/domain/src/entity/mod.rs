//! The things that Tertulia stores, in their present state.

pub mod event;
pub mod invite;
pub mod media;
pub mod membership;
pub mod message;
pub mod push;
pub mod room;
pub mod session;
pub mod user;
pub mod webhook;
