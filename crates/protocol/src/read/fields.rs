//! The fields of a request, and the problems with them.

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

/// The fields of a request as they were received, and the problems noted so far.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    source: Source,
    /// In the order in which they were asked for, which is the order of the reported problems.
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

/// The names of a field: the canonical one first, then its aliases.
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

    /// A text that is not trimmed, because it is compared exactly.
    pub fn verbatim(&mut self, names: impl Into<Names>) -> Field<'_, String> {
        self.ask(names.into(), value::verbatim)
    }

    /// A password or a token, not trimmed: spaces count in these.
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

    /// A map from ids to a seq, a rev, or null.
    pub fn places(&mut self, names: impl Into<Names>) -> Field<'_, BTreeMap<Uuid, Option<i64>>> {
        self.ask(names.into(), value::places)
    }

    /// Where a summary begins.
    pub fn since(&mut self, names: impl Into<Names>) -> Field<'_, SummarySince> {
        self.ask(names.into(), value::since)
    }

    /// A boolean.
    pub fn flag(&mut self, names: impl Into<Names>) -> Field<'_, bool> {
        self.ask(names.into(), value::flag)
    }

    /// A timestamp.
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

    /// Notes a problem with a field. Only the first one per field is kept.
    pub fn note(&mut self, name: &'static str, code: FieldCode, message: impl Into<String>) {
        let wrong = Wrong::new(code, message);
        match self.asked.iter_mut().find(|asked| asked.name == name) {
            Some(asked) => {
                asked.wrong.get_or_insert(wrong);
            }
            None => self.asked.push(Asked::unasked(name.into(), wrong)),
        }
    }

    /// Notes the broken rules of fields that are not part of the request itself.
    pub(crate) fn note_rules_of(&mut self, others: &impl Validate) {
        if let Err(broken) = others.validate() {
            self.note_rules(broken);
        }
    }

    /// Notes that one of these fields is required, unless one was given and is already noted as invalid.
    pub fn note_none_of<const N: usize>(&mut self, names: [&'static str; N]) {
        let is_wrong = |asked: &Asked| names.contains(&&*asked.name) && asked.wrong.is_some();
        if !self.asked.iter().any(is_wrong)
            && let Some(first) = names.first()
        {
            let message = format!("one of {} is required", names.join(", "));
            self.note(first, FieldCode::Required, message);
        }
    }

    /// Validates the parsed request, and returns it or all problems with its fields.
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

    /// Notes the broken rules of the struct, under the names that the client used.
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
                // A broken rule must be reported even if its field was never asked for.
                None => self.asked.push(Asked::unasked(member, wrong)),
            }
        }
    }

    pub(crate) fn into_problems(self) -> Vec<FieldError> {
        let mut problems: Vec<FieldError> = Vec::new();
        for asked in self.asked {
            // Two of our fields may have been read from the same field of the client.
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
