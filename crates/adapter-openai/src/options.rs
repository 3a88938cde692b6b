//! Which model to ask, where, and for how long.

use std::fmt::{self, Debug};
use std::time::Duration;

/// The options of a model and its server.
#[derive(Clone)]
pub struct OpenAiOptions {
    /// The base URL of the server, including the version: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The API key; empty for a server that needs none.
    pub api_key: String,
    /// The name of the model.
    pub model: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long to wait for a response to begin, and then for each of its events.
    pub first_byte_timeout: Duration,
    /// How long a summary may take altogether, with its one retry.
    pub timeout: Duration,
    /// The size of the model's context window in tokens, for request and answer together.
    pub context_tokens: u64,
    /// How many tokens of it are reserved for the answer.
    pub answer_tokens: u32,
}

impl Default for OpenAiOptions {
    fn default() -> Self {
        Self {
            base_url: "https://api.openai.com/v1".to_owned(),
            api_key: String::new(),
            model: "gpt-4o-mini".to_owned(),
            connect_timeout: Duration::from_secs(5),
            first_byte_timeout: Duration::from_secs(20),
            timeout: Duration::from_mins(1),
            context_tokens: 128_000,
            answer_tokens: 4_000,
        }
    }
}

/// Without the key.
impl Debug for OpenAiOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAiOptions")
            .field("model", &self.model)
            .field("timeout", &self.timeout)
            .field("context_tokens", &self.context_tokens)
            .finish_non_exhaustive()
    }
}
