//! Reading memberships, and the settings that members change for themselves.

mod person;
mod port;
mod room;
