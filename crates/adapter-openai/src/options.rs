//! What is asked, where, and for how long.

use std::fmt::{self, Debug};
use std::time::Duration;

/// What has to be known of a model and its server.
#[derive(Clone)]
pub struct OpenAiOptions {
    /// Where the server is, with its version: `https://api.openai.com/v1`.
    pub base_url: String,
    /// What it knows us by; empty for a server that asks for none.
    pub api_key: String,
    /// Which of its models.
    pub model: String,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long the first words may take, and each pause between those after them.
    pub first_byte_timeout: Duration,
    /// How long a summary may take altogether, with its one retry.
    pub timeout: Duration,
    /// How many tokens the model can hold, of question and answer together.
    pub context_tokens: u64,
    /// How many of them an answer may have.
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
