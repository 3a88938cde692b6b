//! Loads the settings from their sources, in order of precedence.

use std::io::ErrorKind;
use std::path::Path;

use super::draft::Draft;
use super::environment::Environment;
use super::error::{Origin, SettingsError};
use super::names;
use super::tree::Settings;
use super::value::Profile;

/// The profiles that need no file.
const COMPILED_IN: [(&str, &str); 3] = [
    (
        "development",
        include_str!("../../../../config/development.toml"),
    ),
    (
        "production",
        include_str!("../../../../config/production.toml"),
    ),
    ("test", include_str!("../../../../config/test.toml")),
];

/// The settings of this process: `./config` and its environment.
pub fn load_from_process() -> Result<Settings, SettingsError> {
    load(&Environment::of_process(), Path::new("config"))
}

/// Loads the defaults, the files in `folder` as far as they exist, and the environment.
pub fn load(environment: &Environment, folder: &Path) -> Result<Settings, SettingsError> {
    let mut draft = Draft::of_defaults()?;
    let path = folder.join("default.toml");
    if let Some(text) = text_of(&path)? {
        draft.lay_file(&Origin::File(path), &text)?;
    }
    lay_profile(&mut draft, environment, folder)?;
    names::lay(&mut draft, environment)?;
    draft.finish()
}

/// The environment may choose the profile, and also takes precedence over the profile's file. It is
/// therefore applied twice, the first time only to find the profile.
fn lay_profile(
    draft: &mut Draft,
    environment: &Environment,
    folder: &Path,
) -> Result<(), SettingsError> {
    let mut look = draft.clone();
    names::lay(&mut look, environment)?;
    let profile: Profile = look
        .text("profile")
        .parse()
        .map_err(|problem: &'static str| look.bad("profile", problem))?;

    let (origin, text) = profile_text(&profile, folder, &look)?;
    let before = draft.origin("profile");
    draft.lay_file(&origin, &text)?;
    if draft.origin("profile") == before {
        return Ok(());
    }
    Err(draft.bad(
        "profile",
        "must be said elsewhere: this file is read because of it",
    ))
}

fn profile_text(
    profile: &Profile,
    folder: &Path,
    look: &Draft,
) -> Result<(Origin, String), SettingsError> {
    let path = folder.join(format!("{profile}.toml"));
    if let Some(text) = text_of(&path)? {
        return Ok((Origin::File(path), text));
    }
    let known = COMPILED_IN.iter().find(|(name, _)| *name == profile.name());
    match known {
        Some((name, text)) => Ok((Origin::CompiledIn((*name).to_owned()), (*text).to_owned())),
        None => Err(SettingsError::UnknownProfile {
            origin: look.origin("profile"),
            name: profile.to_string(),
            path,
        }),
    }
}

fn text_of(path: &Path) -> Result<Option<String>, SettingsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SettingsError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}
