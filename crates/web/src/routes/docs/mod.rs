//! A page for reading and trying out the API.

mod page;

pub(super) use page::{page, script, style, viewer};
