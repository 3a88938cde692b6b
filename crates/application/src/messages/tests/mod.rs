//! Tests of posting, which would overload the file that implements it.

mod limits;
mod notifying;
mod outages;
mod posting;
mod references;
mod repeating;
