//! Passwords for those who are given one.

use std::fmt::Write as _;

use domain::port::Ids;

/// One that nobody guesses, in letters that nobody confuses.
pub(super) fn random(ids: &dyn Ids) -> anyhow::Result<String> {
    let mut bits = [0; 8];
    ids.fill(&mut bits);
    let mut password = String::new();
    for byte in bits {
        write!(password, "{byte:02x}")?;
    }
    Ok(password)
}
