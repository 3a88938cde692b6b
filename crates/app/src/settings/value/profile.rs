//! The kind of deployment.

use std::fmt;
use std::str::FromStr;

/// The name of a set of settings, which also determines how strict to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile(String);

impl Profile {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether safety takes precedence over convenience. A custom profile may well be for
    /// production, so only the two that are known not to be are lenient.
    pub fn is_strict(&self) -> bool {
        !matches!(self.name(), "development" | "test")
    }
}

impl FromStr for Profile {
    type Err = &'static str;

    /// The name is used as a file name, so it may not contain a path.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name == "default" || !name.chars().all(plain) {
            return Err(
                "must be development, production, test or a name of a-z, 0-9 and - with a file",
            );
        }
        Ok(Self(name.to_owned()))
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_ones_are_lenient() {
        for (name, strict) in [
            ("development", false),
            ("test", false),
            ("production", true),
            ("staging", true),
        ] {
            assert_eq!(
                name.parse::<Profile>().unwrap().is_strict(),
                strict,
                "{name}"
            );
        }
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["", "../secrets", "a/b", "Production", "default", "a.b"] {
            assert!(name.parse::<Profile>().is_err(), "{name}");
        }
    }
}
