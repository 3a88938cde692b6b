//! Who listens to which room, and what is announced about it.

mod lapsing;
mod outages;
mod scene;
mod telling;
