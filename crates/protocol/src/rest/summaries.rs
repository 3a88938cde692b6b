//! Asking what was missed.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use validator::Validate;

use crate::word::words;
use crate::{Fields, Query};

words! {
    /// In which form a summary is told.
    pub enum SummaryStyle {
        /// Points, each with where it was said.
        Bullets = "bullets",
        /// A short paragraph, with fewer points.
        Brief = "brief",
    }
}

/// Since when somebody wants to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SummarySince {
    /// Since they last read: `read`.
    #[default]
    Read,
    /// Since they joined: `join`.
    Join,
    /// Since this seq, which they know already.
    Place(i64),
}

/// `GET /api/rooms/{id}/summary`, and the fields of the command `summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct SummaryQuery {
    /// Since when: `read` (what you have not read), `join`, or a seq.
    #[serde(skip_serializing_if = "SummarySince::is_usual")]
    #[schemars(schema_with = "crate::schema::since", default)]
    pub since: SummarySince,
    /// In which form.
    #[serde(skip_serializing_if = "SummaryStyle::is_usual")]
    #[schemars(
        schema_with = "crate::schema::summary_style",
        default = "crate::schema::bullets"
    )]
    pub style: SummaryStyle,
}

impl Query for SummaryQuery {
    fn read(fields: &mut Fields) -> Self {
        Self {
            since: fields.since("since").or(SummarySince::Read),
            style: fields.word("style").or(SummaryStyle::Bullets),
        }
    }
}

impl SummarySince {
    /// Whether nobody needs to say it.
    fn is_usual(&self) -> bool {
        *self == Self::Read
    }
}

impl SummaryStyle {
    /// Whether nobody needs to say it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    fn is_usual(&self) -> bool {
        *self == Self::Bullets
    }
}

impl Serialize for SummarySince {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Read => serializer.serialize_str("read"),
            Self::Join => serializer.serialize_str("join"),
            Self::Place(seq) => serializer.serialize_i64(*seq),
        }
    }
}
