//! Ports that go on while the backend behind them is away: with what this node knows, or without.

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
