//! Who listens to which room, and who is told of it.

mod lapsing;
mod outages;
mod scene;
mod telling;
