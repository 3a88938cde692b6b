//! Printing the description of the REST API.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;

/// Prints the document that the server serves at `/openapi.json`.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let written = io::stdout().write_all(web::openapi().as_bytes());
    written.context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
