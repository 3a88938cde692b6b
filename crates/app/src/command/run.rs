//! From a command's name to its work.

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

/// What can be asked of the binary.
#[derive(Clone, Debug, Default, Subcommand)]
pub enum Command {
    /// Serve until told to stop.
    #[default]
    Serve,
    /// Work on jobs and serve nobody, beside servers that leave them to it.
    Worker,
    /// Look after jobs that could not be worked on.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Look after webhooks: what became of telling them, and telling them once more.
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    /// Bring the database up to date, and say what was done.
    Migrate,
    /// Say that the database came back from a backup, so that clients read everything anew.
    Restored,
    /// Give somebody a new password, and sign them out everywhere.
    ResetPassword {
        /// The address of their account.
        email: String,
    },
    /// Check the settings, the data folder, the database and the keys, and say what is wrong.
    Doctor,
    /// Fill an empty data folder with people, rooms and a conversation to look at.
    Demo,
    /// Print everything that there is of a person, as JSON, a line each.
    Export {
        /// Their username, e-mail address or id.
        #[arg(long)]
        user: String,
    },
    /// Bring in what was said elsewhere. Doing it again adds what is new.
    #[command(subcommand)]
    Import(import::Source),
    /// Ask the server of these settings on this machine whether it is ready for requests.
    Ready,
    /// Print the REST interface as an OpenAPI document.
    Openapi,
}

/// Carries a command out.
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
        // It tells of settings that cannot be read as it tells of everything else.
        Command::Doctor => doctor::run(),
        // It is the same whatever the settings are.
        Command::Openapi => openapi::run(),
    }
}

fn with_settings(
    command: impl FnOnce(&Settings) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let settings = load_from_process().context("the settings cannot be read")?;
    command(&settings)
}

/// Says on standard error why a command was not carried out, with all causes.
pub fn complain(error: &anyhow::Error) {
    // Nobody is left to tell when even this cannot be written.
    drop(writeln!(io::stderr(), "tertulia: {error:#}"));
}
