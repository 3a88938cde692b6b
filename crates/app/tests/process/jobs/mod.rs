//! Jobs that follow from messages: who is notified, and what survives crashes.

mod commands;
mod telling;
mod webhooks;
