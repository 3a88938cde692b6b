//! The web client: a page and its files.

mod files;
mod start;
mod worker;

pub(super) use files::place;
pub(super) use start::start;
pub(super) use worker::worker_place;
