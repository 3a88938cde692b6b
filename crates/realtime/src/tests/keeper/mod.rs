//! How the hub is kept in step with a store that answers, does not, or is another one.

mod keeping;
mod outages;
mod script;
