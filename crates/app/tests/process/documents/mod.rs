//! What the documents say is so: commands run, names exist, links lead somewhere.

mod commands;
mod links;
mod numbers;
mod pages;
mod shell;
