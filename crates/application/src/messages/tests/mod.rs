//! Tests of posting, which is too much for the file that does it.

mod limits;
mod notifying;
mod outages;
mod posting;
mod references;
mod repeating;
