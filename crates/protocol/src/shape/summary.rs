//! Summaries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NamedUser;
use crate::{ErrorCode, Timestamp};

/// A summary of what the reader missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The whole as plain text without markup; empty if there is nothing to summarise.
    pub summary: String,
    /// The individual points; those that mention the reader come first.
    pub bullets: Vec<SummaryBullet>,
    /// The first seq that it covers.
    pub from_seq: i64,
    /// The last seq that it covers; smaller than `fromSeq` if there is nothing to summarise.
    pub to_seq: i64,
    /// How many messages it covers.
    pub message_count: i64,
    /// The users who wrote most of them, at most 20.
    pub participants: Vec<NamedUser>,
    /// The model that made the summary.
    pub model: String,
    /// Whether all of it came from the cache.
    pub cached: bool,
    /// Whether some of it was made without the configured model, because that was unavailable, too slow, or
    /// over its budget.
    pub degraded: bool,
    /// When it was made.
    pub generated_at: Timestamp,
}

/// One point of a summary, with its sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryBullet {
    /// Its text.
    pub text: String,
    /// The messages that it is based on: seqs between `fromSeq` and `toSeq`.
    pub seqs: Vec<i64>,
}

/// A piece of a summary's text while it is being generated: the event `delta`. The event `done` contains
/// the whole summary and supersedes all pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryDelta {
    /// More of the text.
    pub text: String,
}

/// Why a summary could not be completed: the event `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryFailure {
    /// The reason.
    pub code: ErrorCode,
}
