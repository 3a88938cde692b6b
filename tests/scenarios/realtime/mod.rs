//! The WebSocket protocol: everything that it promises, from the clients' view.

mod causes;
mod changes;
mod clients;
mod frames;
mod limits;
mod malformed;
mod membership;
mod notifications;
mod numbers;
mod opening;
mod order;
mod parting;
mod patience;
mod presence;
mod receipts;
mod resets;
mod resume;
pub(crate) mod scene;
mod sessions;
mod skips;
mod slow;
mod stopping;
mod tokens;
mod typing;
