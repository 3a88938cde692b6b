//! The fields of a request, and what is wrong with them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use super::field::{Field, Found};
use super::value::{self, Source, Wrong};
use super::{rules, value::Read};
use crate::rest::SummarySince;
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
    name: Cow<'static, str>,
    /// The name that the client used.
    spelled: Cow<'static, str>,
    wrong: Option<Wrong>,
}

impl Asked {
    fn unasked(name: Cow<'static, str>, wrong: Wrong) -> Self {
        Self {
            spelled: name.clone(),
            name,
            wrong: Some(wrong),
        }
    }
}

/// The names of a field: ours first, then the others that are read too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    ours: &'static str,
    others: &'static [&'static str],
}

impl From<&'static str> for Names {
    fn from(ours: &'static str) -> Self {
        Self { ours, others: &[] }
    }
}

impl<const N: usize> From<(&'static str, &'static [&'static str; N])> for Names {
    fn from((ours, others): (&'static str, &'static [&'static str; N])) -> Self {
        Self { ours, others }
    }
}

impl Fields {
    pub(crate) fn of_body(map: Map<String, Value>) -> Self {
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
    pub fn text(&mut self, names: impl Into<Names>) -> Field<'_, String> {
        self.ask(names.into(), value::text)
    }

    /// A text, not trimmed: one that has to be the same as another to the letter.
    pub fn verbatim(&mut self, names: impl Into<Names>) -> Field<'_, String> {
        self.ask(names.into(), value::verbatim)
    }

    /// A password or a token, not trimmed: a space is a character like others there.
    pub fn secret(&mut self, names: impl Into<Names>) -> Field<'_, Secret> {
        self.ask(names.into(), value::secret)
    }

    /// An id.
    pub fn id(&mut self, names: impl Into<Names>) -> Field<'_, Uuid> {
        self.ask(names.into(), value::id)
    }

    /// A list of ids. In a query they are separated by commas.
    pub fn ids(&mut self, names: impl Into<Names>) -> Field<'_, Vec<Uuid>> {
        self.ask(names.into(), value::ids)
    }

    /// A whole number.
    pub fn whole(&mut self, names: impl Into<Names>) -> Field<'_, i64> {
        self.ask(names.into(), value::whole)
    }

    /// A seq or a rev.
    pub fn place(&mut self, names: impl Into<Names>) -> Field<'_, i64> {
        self.ask(names.into(), value::place)
    }

    /// Ids as names, and for each a seq, a rev, or null.
    pub fn places(&mut self, names: impl Into<Names>) -> Field<'_, BTreeMap<Uuid, Option<i64>>> {
        self.ask(names.into(), value::places)
    }

    /// Since when something is to be told.
    pub fn since(&mut self, names: impl Into<Names>) -> Field<'_, SummarySince> {
        self.ask(names.into(), value::since)
    }

    /// Yes or no.
    pub fn flag(&mut self, names: impl Into<Names>) -> Field<'_, bool> {
        self.ask(names.into(), value::flag)
    }

    /// A moment.
    pub fn time(&mut self, names: impl Into<Names>) -> Field<'_, Timestamp> {
        self.ask(names.into(), value::time)
    }

    /// A list of words of a closed set.
    pub fn words<W: Word>(&mut self, names: impl Into<Names>) -> Field<'_, Vec<W>> {
        self.ask(names.into(), value::words)
    }

    /// One of a closed set of words.
    pub fn word<W: Word>(&mut self, names: impl Into<Names>) -> Field<'_, W> {
        self.ask(names.into(), value::word)
    }

    /// Any object.
    pub fn object(&mut self, names: impl Into<Names>) -> Field<'_, Map<String, Value>> {
        self.ask(names.into(), value::object)
    }

    /// Notes that something is wrong with a field. The first note of a field stays.
    pub fn note(&mut self, name: &'static str, code: FieldCode, message: impl Into<String>) {
        let wrong = Wrong::new(code, message);
        match self.asked.iter_mut().find(|asked| asked.name == name) {
            Some(asked) => {
                asked.wrong.get_or_insert(wrong);
            }
            None => self.asked.push(Asked::unasked(name.into(), wrong)),
        }
    }

    /// Notes which rules are broken of fields that are no part of the request itself.
    pub(crate) fn note_rules_of(&mut self, others: &impl Validate) {
        if let Err(broken) = others.validate() {
            self.note_rules(broken);
        }
    }

    /// Notes that one of these fields is required, unless a note says that one came and was wrong.
    pub fn note_none_of<const N: usize>(&mut self, names: [&'static str; N]) {
        let is_wrong = |asked: &Asked| names.contains(&&*asked.name) && asked.wrong.is_some();
        if !self.asked.iter().any(is_wrong)
            && let Some(first) = names.first()
        {
            let message = format!("one of {} is required", names.join(", "));
            self.note(first, FieldCode::Required, message);
        }
    }

    /// Checks the rules of what was read, and answers with it or all that is wrong with its fields.
    pub(crate) fn checked<T: Validate>(mut self, request: T) -> Result<T, Vec<FieldError>> {
        if let Err(broken) = request.validate() {
            self.note_rules(broken);
        }
        let problems = self.into_problems();
        if problems.is_empty() {
            Ok(request)
        } else {
            Err(problems)
        }
    }

    /// Notes which rules of the struct are broken, under the names that the client used.
    fn note_rules(&mut self, broken: ValidationErrors) {
        for (member, wrong) in rules::translate(broken) {
            let asked = self
                .asked
                .iter_mut()
                .find(|asked| rules::is_member(&member, &asked.name));
            match asked {
                Some(asked) => {
                    asked.wrong.get_or_insert(wrong);
                }
                // A rule may not be passed over because its member was never asked for by name.
                None => self.asked.push(Asked::unasked(member, wrong)),
            }
        }
    }

    pub(crate) fn into_problems(self) -> Vec<FieldError> {
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

    fn ask<T>(&mut self, names: Names, read: Read<T>) -> Field<'_, T> {
        let Names { ours, others } = names;
        let all = || std::iter::once(ours).chain(others.iter().copied());
        let given = |spelled: &&str| self.map.get(*spelled).is_some_and(|value| !value.is_null());
        let spelled = all()
            .find(given)
            .or_else(|| all().find(|spelled| self.map.contains_key(*spelled)))
            .unwrap_or(ours);
        let (found, wrong) = match self.map.get(spelled) {
            None => (Found::Absent, None),
            Some(Value::Null) => (Found::Null, None),
            Some(value) => match read(self.source, value) {
                Ok(value) => (Found::Set(value), None),
                Err(wrong) => (Found::Wrong, Some(wrong)),
            },
        };
        self.asked.push(Asked {
            name: ours.into(),
            spelled: spelled.into(),
            wrong,
        });
        Field::new(self, ours, found)
    }
}
