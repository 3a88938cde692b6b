//! Uploads: sent, inspected, read, and refused.

mod avatars;
mod bounds;
mod forms;
mod hostile;
mod reading;
mod scene;

pub(crate) use scene::uploaded;
