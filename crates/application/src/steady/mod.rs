//! Decorators that keep a port working while the backend behind it is down: with what this node knows,
//! or without an answer.

mod budget;
mod cache;
mod limiter;
mod outage;
mod presence;
mod profiles;
#[cfg(test)]
mod tests;

pub use budget::SteadyBudget;
pub use cache::SteadyCache;
pub use limiter::SteadyLimiter;
pub(crate) use outage::Outage;
pub use presence::SteadyPresence;
pub use profiles::SteadyProfiles;
