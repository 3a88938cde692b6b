//! The documents are true: commands run, names exist, links resolve.

mod commands;
mod links;
mod numbers;
mod pages;
mod shell;
