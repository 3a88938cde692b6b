//! The WebSocket. [`talk::Talk`] decides what it does, without sockets or clocks; the [`driver`]
//! does the I/O.

mod answers;
mod driver;
mod ending;
mod event;
mod events;
mod frame;
mod handle;
mod outbox;
mod patience;
mod places;
mod questions;
mod socket;
mod standing;
mod talk;
mod telling;

pub use ending::Ending;
pub use event::{Event, Gone};
pub use events::Events;
pub use handle::{Draft, Live, Online};
pub use patience::{Options, Patience};
pub use standing::{Since, Stand, Standing};

#[cfg(test)]
mod tests;
