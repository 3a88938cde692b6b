//! Ports that go on, with what this node knows, while the backend that all nodes share is away.

mod limiter;
mod outage;
mod presence;
#[cfg(test)]
mod tests;

pub use limiter::SteadyLimiter;
pub use presence::SteadyPresence;
