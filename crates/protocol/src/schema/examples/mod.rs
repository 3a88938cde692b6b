//! An example of each request and response.
//!
//! Ana and Ben talk in a room. The examples are values of the types, so they cannot become outdated.

mod messages;
mod people;
mod push;
mod requests;
mod rooms;
mod summaries;
mod webhooks;

use uuid::Uuid;

use crate::Timestamp;

/// A type with an example.
pub trait Example {
    /// The example.
    fn example() -> Self;
}

impl<T: Example> Example for Vec<T> {
    fn example() -> Self {
        vec![T::example()]
    }
}

const ANA: u128 = 1;
const BEN: u128 = 2;
const ROOM: u128 = 3;
const MESSAGE: u128 = 4;
const SESSION: u128 = 5;
const CLIENT: u128 = 6;
const FILE: u128 = 7;
const WEBHOOK: u128 = 8;

/// An id that is easy to tell from the others.
const fn id(number: u128) -> Uuid {
    Uuid::from_u128((0x0195_b4a0 << 96) | (0x7000 << 64) | (0x8000 << 48) | number)
}

/// This many seconds after a fixed moment.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_767_323_045_678 + seconds * 1000)
}
