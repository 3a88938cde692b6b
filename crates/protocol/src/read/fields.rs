//! The fields of a request, and what is wrong with them.

use serde_json::{Map, Value};
use uuid::Uuid;
use validator::ValidationErrors;

use super::field::{Field, Found};
use super::value::{self, Source, Wrong};
use super::{rules, value::Read};
use crate::{FieldCode, FieldError, Secret, Timestamp, Word};

/// The fields of a request as they came, and notes of what is wrong with them.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    source: Source,
    /// In the order in which they were asked for, which is the order of the notes at the end.
    asked: Vec<Asked>,
}

#[derive(Debug)]
struct Asked {
    /// Our name of the field.
    name: &'static str,
    /// The name that the client used.
    spelled: &'static str,
    wrong: Option<Wrong>,
}

/// The names of a field: ours first, then the others that are read too.
pub trait Names {
    /// All of them, at least one.
    fn names(&self) -> (&'static str, &[&'static str]);
}

impl Names for &'static str {
    fn names(&self) -> (&'static str, &[&'static str]) {
        (self, &[])
    }
}

impl<const N: usize> Names for (&'static str, [&'static str; N]) {
    fn names(&self) -> (&'static str, &[&'static str]) {
        (self.0, &self.1)
    }
}

impl Fields {
    pub(super) fn of_body(map: Map<String, Value>) -> Self {
        Self {
            map,
            source: Source::Body,
            asked: Vec::new(),
        }
    }

    pub(super) fn of_query(map: Map<String, Value>) -> Self {
        Self {
            map,
            source: Source::Query,
            asked: Vec::new(),
        }
    }

    /// A text, trimmed.
    pub fn text(&mut self, names: impl Names) -> Field<'_, String> {
        self.ask(&names, value::text)
    }

    /// A password or a token, not trimmed: a space is a character like others there.
    pub fn secret(&mut self, names: impl Names) -> Field<'_, Secret> {
        self.ask(&names, value::secret)
    }

    /// An id.
    pub fn id(&mut self, names: impl Names) -> Field<'_, Uuid> {
        self.ask(&names, value::id)
    }

    /// A list of ids. In a query they are separated by commas.
    pub fn ids(&mut self, names: impl Names) -> Field<'_, Vec<Uuid>> {
        self.ask(&names, value::ids)
    }

    /// A whole number.
    pub fn whole(&mut self, names: impl Names) -> Field<'_, i64> {
        self.ask(&names, value::whole)
    }

    /// A seq or a rev.
    pub fn place(&mut self, names: impl Names) -> Field<'_, i64> {
        self.ask(&names, value::place)
    }

    /// Yes or no.
    pub fn flag(&mut self, names: impl Names) -> Field<'_, bool> {
        self.ask(&names, value::flag)
    }

    /// A moment.
    pub fn time(&mut self, names: impl Names) -> Field<'_, Timestamp> {
        self.ask(&names, value::time)
    }

    /// One of a closed set of words.
    pub fn word<W: Word>(&mut self, names: impl Names) -> Field<'_, W> {
        self.ask(&names, value::word)
    }

    /// Any object.
    pub fn object(&mut self, names: impl Names) -> Field<'_, Map<String, Value>> {
        self.ask(&names, value::object)
    }

    /// Notes that something is wrong with a field. The first note of a field stays.
    pub fn note(&mut self, name: &'static str, code: FieldCode, message: impl Into<String>) {
        let wrong = Wrong::new(code, message);
        match self.asked.iter_mut().find(|asked| asked.name == name) {
            Some(asked) => {
                asked.wrong.get_or_insert(wrong);
            }
            None => self.asked.push(Asked {
                name,
                spelled: name,
                wrong: Some(wrong),
            }),
        }
    }

    /// Notes that one of these fields is required, unless a note says that one came and was wrong.
    pub fn note_none_of<const N: usize>(&mut self, names: [&'static str; N]) {
        let is_wrong = |asked: &Asked| names.contains(&asked.name) && asked.wrong.is_some();
        if !self.asked.iter().any(is_wrong) {
            if let Some(first) = names.first() {
                let message = format!("one of {} is required", names.join(", "));
                self.note(first, FieldCode::Required, message);
            }
        }
    }

    /// Notes which rules of the struct are broken, under the names that the client used.
    pub(super) fn note_rules(&mut self, broken: ValidationErrors) {
        for (member, wrong) in rules::translate(broken) {
            let asked = self
                .asked
                .iter_mut()
                .find(|asked| rules::is_member(&member, asked.name));
            if let Some(asked) = asked {
                asked.wrong.get_or_insert(wrong);
            }
        }
    }

    pub(super) fn into_problems(self) -> Vec<FieldError> {
        let mut problems: Vec<FieldError> = Vec::new();
        for asked in self.asked {
            // Two of our fields may have come from one of the client's.
            let known = problems
                .iter()
                .any(|problem| problem.field == asked.spelled);
            if let (Some(wrong), false) = (asked.wrong, known) {
                problems.push(FieldError::new(asked.spelled, wrong.code, wrong.message));
            }
        }
        problems
    }

    fn ask<T>(&mut self, names: &impl Names, read: Read<T>) -> Field<'_, T> {
        let (name, others) = names.names();
        let given = |spelled: &&str| self.map.get(*spelled).is_some_and(|value| !value.is_null());
        let all = || std::iter::once(name).chain(others.iter().copied());
        let spelled = all()
            .find(given)
            .or_else(|| all().find(|spelled| self.map.contains_key(*spelled)))
            .unwrap_or(name);
        let (found, wrong) = match self.map.get(spelled) {
            None => (Found::Absent, None),
            Some(Value::Null) => (Found::Null, None),
            Some(value) => match read(self.source, value) {
                Ok(value) => (Found::Set(value), None),
                Err(wrong) => (Found::Wrong, Some(wrong)),
            },
        };
        self.asked.push(Asked {
            name,
            spelled,
            wrong,
        });
        Field::new(self, name, found)
    }
}
