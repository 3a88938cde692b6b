//! All checks, in the order in which a start depends on them.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;

use super::finding::{Finding, State};
use super::{backends, checks};
use crate::settings::load_from_process;

/// Runs the checks, prints the findings, and fails if something is wrong.
pub(in crate::command) fn run() -> anyhow::Result<ExitCode> {
    let findings = look();
    let wrong = findings
        .iter()
        .filter(|finding| finding.state == State::Wrong)
        .count();
    let mut out = io::stdout();
    let mut tell = || -> io::Result<()> {
        for finding in &findings {
            writeln!(out, "{finding}")?;
        }
        match wrong {
            0 => writeln!(out, "\nTertulia can start."),
            1 => writeln!(out, "\nOne thing is wrong."),
            several => writeln!(out, "\n{several} things are wrong."),
        }
    };
    tell().context("standard output is closed")?;
    Ok(match wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn look() -> Vec<Finding> {
    // Nothing else can be checked without them.
    let settings = match load_from_process() {
        Ok(settings) => settings,
        Err(error) => {
            let error = anyhow::Error::new(error);
            return vec![Finding::wrong("settings", format!("{error:#}"))];
        }
    };
    let mut findings = vec![checks::settings(&settings)];
    findings.push(checks::folder(&settings));
    findings.push(checks::database(&settings));
    findings.extend(settings.mongodb.url.as_ref().map(backends::mongo));
    let redis = |url| backends::redis(url, &settings.redis.prefix);
    findings.extend(settings.redis.url.as_ref().map(redis));
    let rabbit = |url| backends::rabbitmq(url, &settings.jobs);
    findings.extend(settings.rabbitmq.url.as_ref().map(rabbit));
    findings.extend(backends::files(&settings));
    findings.extend(backends::model(&settings));
    findings.extend(backends::others(&settings));
    findings.extend(checks::keys(&settings));
    findings.push(checks::address(&settings));
    findings
}
