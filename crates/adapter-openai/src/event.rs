//! The events of a streamed answer, as far as they are needed. Servers differ in the rest.

use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
pub(crate) struct Event {
    #[serde(default)]
    pub(crate) choices: Vec<Choice>,
    /// In the last event, if the server counts tokens.
    #[serde(default)]
    pub(crate) usage: Option<Usage>,
    /// Some servers report a failure in the middle of an answer.
    #[serde(default)]
    pub(crate) error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    pub(crate) delta: Delta,
    #[serde(default)]
    pub(crate) finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Delta {
    #[serde(default)]
    pub(crate) content: Option<String>,
    /// Instead of an answer.
    #[serde(default)]
    pub(crate) refusal: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Usage {
    #[serde(default)]
    pub(crate) prompt_tokens: u64,
    #[serde(default)]
    pub(crate) completion_tokens: u64,
}
