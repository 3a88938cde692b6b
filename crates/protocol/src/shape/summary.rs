//! What somebody missed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NamedUser;
use crate::{ErrorCode, Timestamp};

/// What somebody missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// All of it as a text; empty where there is nothing to tell. Plain text: nothing in it is markup.
    pub summary: String,
    /// The things worth telling, what mentions the reader first.
    pub bullets: Vec<SummaryBullet>,
    /// The first place that is told.
    pub from_seq: i64,
    /// The last one; before the first where there is nothing to tell.
    pub to_seq: i64,
    /// How many messages stand there.
    pub message_count: i64,
    /// Who said most of them, up to 20.
    pub participants: Vec<NamedUser>,
    /// Who made the summary.
    pub model: String,
    /// Whether all of it was there already.
    pub cached: bool,
    /// Whether some of it is told without the model that should have, because that is away, too slow, or
    /// has spent its budget.
    pub degraded: bool,
    /// When it was made.
    pub generated_at: Timestamp,
}

/// One thing worth telling, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryBullet {
    /// What.
    pub text: String,
    /// Where: seqs of messages between `fromSeq` and `toSeq`.
    pub seqs: Vec<i64>,
}

/// A piece of a summary's text while it is being made: the event `delta`. The event `done` has all of it
/// and counts instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryDelta {
    /// More of the text.
    pub text: String,
}

/// Why there is no summary after all: the event `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryFailure {
    /// Why.
    pub code: ErrorCode,
}
