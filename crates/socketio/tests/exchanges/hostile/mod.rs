//! What no good client does. It gets an error or is closed, and nobody else notices.

mod attachments;
mod flood;
mod malformed;
mod requests;
