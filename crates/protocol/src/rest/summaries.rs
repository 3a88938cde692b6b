//! Requests for summaries.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use validator::Validate;

use crate::word::words;
use crate::{Fields, Query};

words! {
    /// The form of a summary.
    pub enum SummaryStyle {
        /// Bullet points, each with its source messages.
        Bullets = "bullets",
        /// A short paragraph, with fewer bullet points.
        Brief = "brief",
    }
}

/// Where a summary begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SummarySince {
    /// After the last read message: `read`.
    #[default]
    Read,
    /// When the user joined: `join`.
    Join,
    /// After this seq, which the user already knows.
    Place(i64),
}

/// `GET /api/rooms/{id}/summary`, and the fields of the command `summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Validate, JsonSchema)]
pub struct SummaryQuery {
    /// Where the summary begins: `read` (after the last message that you have read), `join`, or a seq.
    #[serde(skip_serializing_if = "SummarySince::is_usual")]
    #[schemars(schema_with = "crate::schema::since", default)]
    pub since: SummarySince,
    /// The form of the summary.
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
    /// Whether it is the default, which is not serialised.
    fn is_usual(&self) -> bool {
        *self == Self::Read
    }
}

impl SummaryStyle {
    /// Whether it is the default, which is not serialised.
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
