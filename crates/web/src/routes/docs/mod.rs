//! The routes, to look at and to try.

mod page;

pub(super) use page::{page, script, style, viewer};
