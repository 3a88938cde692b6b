//! The environment as a value: tests build their own, and only this file reads the real one.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Variables by name.
///
/// An empty variable counts as unset, because that is what `X=${X:-}` in a compose file means.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, lossy(value))))
            .collect()
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// All variables with this prefix, ordered by name.
    pub(crate) fn starting_with<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.variables
            .iter()
            .filter(move |(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Bytes that are not UTF-8 become U+FFFD, which no setting accepts: the error then names the
/// variable.
fn lossy(value: OsString) -> String {
    value
        .into_string()
        .unwrap_or_else(|raw| raw.to_string_lossy().into_owned())
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .filter(|(_, value): &(String, String)| !value.trim().is_empty())
            .collect();
        Self { variables }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_means_unset() {
        let environment: Environment = [("REDIS_URL", ""), ("PORT", " "), ("HOST", "::1")]
            .into_iter()
            .collect();
        assert_eq!(environment.get("REDIS_URL"), None);
        assert_eq!(environment.get("PORT"), None);
        assert_eq!(environment.get("HOST"), Some("::1"));
    }

    #[test]
    fn the_process_has_one() {
        assert!(Environment::of_process().get("PATH").is_some());
    }
}
