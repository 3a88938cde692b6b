//! Settings while their sources are merged: by key, each with its origin.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::error::{Origin, SettingsError};
use super::tree::Settings;
use super::{check, ranges};

/// The file that lists every setting.
pub(super) const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// A value for every setting; the key is `a.b` for `b` in `[a]`.
#[derive(Clone)]
pub(super) struct Draft {
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone)]
struct Entry {
    value: Value,
    origin: Origin,
}

impl Draft {
    /// The defaults.
    pub(super) fn of_defaults() -> Result<Self, SettingsError> {
        let origin = Origin::CompiledIn("default".to_owned());
        let entries = leaves(&parsed(DEFAULTS, &origin)?)
            .into_iter()
            .map(|(key, value)| {
                let origin = origin.clone();
                (key, Entry { value, origin })
            })
            .collect();
        Ok(Self { entries })
    }

    /// The names of all settings.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The value of a setting, if it is a number.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.entries.get(key)?.value.as_integer()
    }

    /// The value of a setting that is a text.
    pub(super) fn text(&self, key: &str) -> &str {
        let entry = self.entries.get(key);
        entry.and_then(|entry| entry.value.as_str()).unwrap_or("")
    }

    /// Where the current value came from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.entries.get(key).map_or_else(
            || Origin::CompiledIn("default".to_owned()),
            |entry| entry.origin.clone(),
        )
    }

    /// An error about a setting's value, with its origin.
    pub(super) fn bad(&self, key: &str, problem: impl Into<String>) -> SettingsError {
        SettingsError::Bad {
            origin: self.origin(key),
            key: key.to_owned(),
            problem: problem.into(),
        }
    }

    /// Merges the settings of a file.
    pub(super) fn lay_file(&mut self, origin: &Origin, text: &str) -> Result<(), SettingsError> {
        for (key, given) in leaves(&parsed(text, origin)?) {
            if given.as_table().is_some_and(Table::is_empty) && self.has_section(&key) {
                continue;
            }
            self.lay(origin, &key, |kind| alike(kind, given))?;
        }
        Ok(())
    }

    /// Sets one setting from a text, parsed according to the setting's type.
    pub(super) fn lay_text(
        &mut self,
        origin: &Origin,
        key: &str,
        text: &str,
    ) -> Result<(), SettingsError> {
        self.lay(origin, key, |kind| read(kind, text))
    }

    fn lay(
        &mut self,
        origin: &Origin,
        key: &str,
        value: impl FnOnce(&Value) -> Result<Value, &'static str>,
    ) -> Result<(), SettingsError> {
        let entry = self
            .entries
            .get_mut(key)
            .ok_or_else(|| SettingsError::Unknown {
                origin: origin.clone(),
                key: key.to_owned(),
            })?;
        entry.origin = origin.clone();
        match value(&entry.value) {
            Ok(value) => entry.value = value,
            Err(problem) => return Err(self.bad(key, problem)),
        }
        Ok(())
    }

    fn has_section(&self, name: &str) -> bool {
        let section = |key: &str| key.split_once('.').is_some_and(|(first, _)| first == name);
        self.keys().any(section)
    }

    /// The settings, if every value is valid.
    pub(super) fn finish(self) -> Result<Settings, SettingsError> {
        ranges::check(&self)?;
        let read: Result<Settings, _> = serde_path_to_error::deserialize(self.tree());
        let settings =
            read.map_err(|error| self.bad(&error.path().to_string(), error.inner().message()))?;
        check::check(&settings, &self)?;
        Ok(settings)
    }

    fn tree(&self) -> Value {
        let mut root = Table::new();
        for (key, entry) in &self.entries {
            let Some((section, name)) = key.split_once('.') else {
                root.insert(key.clone(), entry.value.clone());
                continue;
            };
            let section = root.entry(section).or_insert_with(|| Table::new().into());
            if let Value::Table(section) = section {
                section.insert(name.to_owned(), entry.value.clone());
            }
        }
        root.into()
    }
}

fn parsed(text: &str, origin: &Origin) -> Result<Table, SettingsError> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        SettingsError::Malformed {
            origin: origin.clone(),
            line: before.unwrap_or("").matches('\n').count() + 1,
            problem: error.message().to_owned(),
        }
    })
}

/// The settings in a file. An empty section is kept, so that its name can be checked.
fn leaves(table: &Table) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, value) in table {
        match value.as_table() {
            Some(section) if !section.is_empty() => {
                let inside = leaves(section).into_iter();
                found.extend(inside.map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            _ => found.push((name.clone(), value.clone())),
        }
    }
    found
}

/// The value from a file, if it has the setting's type. A number is accepted as a text: `1` second,
/// `0` for no limit.
fn alike(kind: &Value, given: Value) -> Result<Value, &'static str> {
    match (kind, given) {
        (Value::String(_), Value::Integer(number)) => Ok(number.to_string().into()),
        (Value::Array(_), Value::Array(given)) if !given.iter().all(Value::is_str) => {
            Err(expected(kind))
        }
        (kind, given) if kind.same_type(&given) => Ok(given),
        _ => Err(expected(kind)),
    }
}

/// Parses a variable according to the setting's type.
fn read(kind: &Value, text: &str) -> Result<Value, &'static str> {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("must be UTF-8");
    }
    let read = match kind {
        Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(_) => Some(listed(text)),
        Value::String(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            Some(text.into())
        }
    };
    read.ok_or_else(|| expected(kind))
}

fn listed(text: &str) -> Value {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items.map(Value::from).collect::<Vec<_>>().into()
}

fn expected(kind: &Value) -> &'static str {
    match kind {
        Value::Integer(_) => "must be a whole number",
        Value::Boolean(_) => "must be true or false",
        Value::Array(_) => "must be a list of texts",
        Value::String(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            "must be a text"
        }
    }
}
