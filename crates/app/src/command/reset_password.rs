//! Resetting a user's password.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use application::Error;
use domain::{Email, Password, Refusal};

use super::accounts::need_accounts;
use super::password::random;
use crate::keys::Keys;
use crate::server::runtime;
use crate::settings::Settings;
use crate::wiring::House;

/// Replaces the password of an account by a generated one, prints it, and ends its sessions.
pub(super) fn run(settings: &Settings, email: &str) -> anyhow::Result<ExitCode> {
    need_accounts(settings)?;
    let address = Email::parse(email).with_context(|| format!("{email} is no e-mail address"))?;
    let keys = Keys::find(settings)?;
    let password = runtime()?.block_on(async {
        let house = House::build(settings, &keys).await?;
        let password = random(&*house.ids)?;
        let new = Password::parse(&password)?;
        let reset = house.use_cases.reset_password.run(&address, &new).await;
        house.close().await;
        match reset {
            Ok(()) => Ok(password),
            Err(Error::Refused(Refusal::NotFound)) => bail!("nobody has the address {email}"),
            Err(error) => Err(error.into()),
        }
    })?;
    writeln!(
        io::stdout(),
        "{email} signs in with {password} from now on, and is signed out everywhere.\n\
         Give it to them over a safe channel, and ask them to choose another one."
    )
    .context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}
