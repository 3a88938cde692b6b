//! Dispatches commands.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;

use super::jobs::{self, JobsCommand};
use super::webhooks::{self, WebhooksCommand};
use super::{
    demo, doctor, export, import, migrate, openapi, ready, reset_password, restored, serve, worker,
};
use crate::settings::{Settings, load_from_process};

/// The commands of the binary.
#[derive(Clone, Debug, Default, Subcommand)]
pub enum Command {
    /// Run the server until it is told to stop.
    #[default]
    Serve,
    /// Process jobs without serving requests, beside servers that leave them to workers.
    Worker,
    /// Manage jobs that could not be processed.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Manage webhooks: look at their deliveries, and repeat them.
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    /// Migrate the database, and print what was applied.
    Migrate,
    /// Mark the database as restored from a backup, so that clients read everything anew.
    Restored,
    /// Reset a user's password, and sign them out everywhere.
    ResetPassword {
        /// The e-mail address of their account.
        email: String,
    },
    /// Check the settings, the data folder, the database, the keys and the backends.
    Doctor,
    /// Fill an empty data folder with people, rooms and conversations to look at.
    Demo,
    /// Print all data about a person, as one JSON object per line.
    Export {
        /// Their username, e-mail address or id.
        #[arg(long)]
        user: String,
    },
    /// Import conversations from elsewhere. Repeating an import adds what is new.
    #[command(subcommand)]
    Import(import::Source),
    /// Check whether the server with these settings on this machine is ready for requests.
    Ready,
    /// Print the REST API as an OpenAPI document.
    Openapi,
}

/// Runs a command.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve => with_settings(serve::run),
        Command::Worker => with_settings(worker::run),
        Command::Jobs(command) => with_settings(|settings| jobs::run(settings, &command)),
        Command::Webhooks(command) => with_settings(|settings| webhooks::run(settings, &command)),
        Command::Migrate => with_settings(migrate::run),
        Command::Restored => with_settings(restored::run),
        Command::ResetPassword { email } => {
            with_settings(|settings| reset_password::run(settings, &email))
        }
        Command::Demo => with_settings(demo::run),
        Command::Export { user } => with_settings(|settings| export::run(settings, &user)),
        Command::Import(source) => with_settings(|settings| import::run(settings, &source)),
        Command::Ready => with_settings(ready::run),
        // It reports unreadable settings like everything else.
        Command::Doctor => doctor::run(),
        // It does not depend on the settings.
        Command::Openapi => openapi::run(),
    }
}

fn with_settings(
    command: impl FnOnce(&Settings) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let settings = load_from_process().context("the settings cannot be read")?;
    command(&settings)
}

/// Prints to standard error why a command failed, with all causes.
pub fn complain(error: &anyhow::Error) {
    // If even this fails, nobody is left to tell.
    drop(writeln!(io::stderr(), "tertulia: {error:#}"));
}
