//! The socket. What it does is decided by [`talk::Talk`], which knows neither sockets nor clocks; the
//! [`driver`] carries things to and fro.

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
