//! The binary: parses the command line and runs the command.

use std::process::ExitCode;

use app::command::{self, Command};
use clap::Parser;
use mimalloc::MiMalloc;

/// Returns memory to the system after a burst of connections: docs/decisions/0027.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// Shown below the help, for those who have nothing but the binary.
const SETTINGS: &str = "\
Environment variables (PORT, HOST, DATA_DIR, PROFILE, JWT_SECRET and others) configure it, and so does
config/<profile>.toml in the working folder. Nothing has to be set. docs/settings.md lists everything.";

/// A chat backend that you run yourself. Without a command it serves.
#[derive(Parser)]
#[command(name = "tertulia", version, after_help = SETTINGS)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let line = CommandLine::parse();
    match command::run(line.command.unwrap_or_default()) {
        Ok(code) => code,
        Err(error) => {
            command::complain(&error);
            ExitCode::FAILURE
        }
    }
}
