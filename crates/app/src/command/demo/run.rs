//! Runs the command.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use adapter_memory::{ManualClock, SystemClock};
use anyhow::{Context as _, bail};
use domain::port::Clock as _;
use domain::port::limiter::Limit;

use super::cast::{Cast, email};
use super::play::Play;
use super::script::Script;
use crate::command::password::random;
use crate::keys::Keys;
use crate::server::runtime;
use crate::settings::{Settings, Store};
use crate::wiring::House;

/// Fills the store with demo data, and prints how to sign in.
pub(in crate::command) fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    if settings.store() == Store::Memory {
        bail!("storage.memory is set: the demo data would not be kept");
    }
    if settings.profile.is_strict() {
        bail!(
            "the accounts of the demo share a password: it is not allowed in the profile {}",
            settings.profile
        );
    }
    let keys = Keys::find(settings)?;
    let script = Script::read()?;
    let password = runtime()?.block_on(fill(settings, &keys, &script))?;
    let (first, others) = script
        .people
        .split_first()
        .context("the script has no people")?;
    let others: Vec<&str> = others.iter().map(|role| &*role.username).collect();
    writeln!(
        io::stdout(),
        "\nSign in as {} with the password {password}\n\
         {} has been away, and missed something. The password is the same for {}.\n\n\
         Start the server now: it is this command without \"demo\".",
        email(first),
        first.name,
        others.join(", "),
    )
    .context("standard output is closed")?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the script, and returns the password.
async fn fill(settings: &Settings, keys: &Keys, script: &Script) -> anyhow::Result<String> {
    let mut settings = settings.clone();
    // The script covers days, but is played within seconds.
    settings.limits.message = Limit {
        points: 0,
        per: Duration::ZERO,
    };
    let now = SystemClock.now();
    let moments = script.moments(now);
    let begin = moments.first().map_or(now, |moment| moment.at) - Duration::from_hours(1);
    let clock = Arc::new(ManualClock::at(begin));
    let house = House::build_at(&settings, keys, Arc::<ManualClock>::clone(&clock)).await?;
    let told = async {
        let password = random(&*house.ids)?;
        let use_cases = &house.use_cases;
        let cast = Cast::hire(use_cases, &clock, begin, &script.people, &password).await?;
        let mut play = Play::new(use_cases, &clock, &cast, script);
        for moment in moments {
            play.say(moment).await?;
        }
        cast.dismiss(use_cases).await?;
        anyhow::Ok(password)
    }
    .await;
    house.close().await;
    told
}
