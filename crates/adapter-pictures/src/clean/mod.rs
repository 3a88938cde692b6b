//! Leaving of a file what shows the picture.
//!
//! `walk.rs` goes through a file as it comes; each format says what to do with what comes next, and keeps
//! only what it knows to be of the picture. Where a file is not what its format wants, nothing more of it
//! is kept, and whoever opens what is left sees that it is broken.

mod exif;
mod gif;
mod jpeg;
mod png;
#[cfg(test)]
mod tests;
mod walk;
mod webp;

pub(crate) use walk::stream;
