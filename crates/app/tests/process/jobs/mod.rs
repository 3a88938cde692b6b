//! What follows from messages: who is told, and what is not lost when something dies.

mod commands;
mod telling;
mod webhooks;
