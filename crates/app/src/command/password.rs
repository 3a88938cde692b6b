//! Generated passwords.

use std::fmt::Write as _;

use domain::port::Ids;

/// A random password, without characters that are easily confused.
pub(super) fn random(ids: &dyn Ids) -> anyhow::Result<String> {
    let mut bits = [0; 8];
    ids.fill(&mut bits);
    let mut password = String::new();
    for byte in bits {
        write!(password, "{byte:02x}")?;
    }
    Ok(password)
}
