//! The web client: a page, and the files that it is made of.

mod files;
mod start;
mod worker;

pub(super) use files::place;
pub(super) use start::start;
pub(super) use worker::worker_place;
