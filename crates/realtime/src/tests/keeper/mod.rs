//! How the hub is kept in step with a store that answers, fails, or was replaced.

mod keeping;
mod outages;
mod script;
