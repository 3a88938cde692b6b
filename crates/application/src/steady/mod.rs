//! Ports that go on while the backend behind them is away: with what this node knows, or without.

mod limiter;
mod outage;
mod presence;
mod profiles;
#[cfg(test)]
mod tests;

pub use limiter::SteadyLimiter;
pub(crate) use outage::Outage;
pub use presence::SteadyPresence;
pub use profiles::SteadyProfiles;
