//! Keeping of a file only what is needed to show the picture.
//!
//! `walk.rs` goes through a file as it arrives; each format decides what to do with the next bytes, and
//! keeps only what it knows to belong to the picture. From the point where a file violates its format,
//! nothing more is kept, and opening what is left will reveal that it is broken.

mod exif;
mod gif;
mod jpeg;
mod png;
#[cfg(test)]
mod tests;
mod walk;
mod webp;

pub(crate) use walk::stream;
