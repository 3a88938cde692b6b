//! One of each: what a request or an answer looks like.
//!
//! Ana and Ben talk in a room. The examples are values of the types, so that they cannot be out of date.

mod messages;
mod people;
mod push;
mod requests;
mod rooms;
mod summaries;
mod webhooks;

use uuid::Uuid;

use crate::Timestamp;

/// What can be shown by an example.
pub trait Example {
    /// One of them.
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

/// An id that can be told from the others.
const fn id(number: u128) -> Uuid {
    Uuid::from_u128((0x0195_b4a0 << 96) | (0x7000 << 64) | (0x8000 << 48) | number)
}

/// So many seconds after a certain moment.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_767_323_045_678 + seconds * 1000)
}
