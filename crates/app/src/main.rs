//! The binary: reads the command line and hands over.

use std::process::ExitCode;

use app::command::{self, Command};
use clap::Parser;

/// A chat backend that you run yourself. Without a command it serves.
#[derive(Parser)]
#[command(name = "tertulia", version)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let line = Line::parse();
    match command::run(line.command.unwrap_or_default()) {
        Ok(code) => code,
        Err(error) => {
            command::complain(&error);
            ExitCode::FAILURE
        }
    }
}
