//! How the model replies to a call.

use std::time::Duration;

/// One reply of the model.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A proper summary: about five of the given items, evenly spaced, each with the `seq` that it came
    /// with, as `{ summary, bullets: [{ text, seqs }] }`.
    Summary,
    /// These words, whatever the request.
    Words(String),
    /// A [`Reply::Summary`] after this delay.
    Late(Duration),
    /// Half of a [`Reply::Summary`], then nothing for this long.
    Stuck(Duration),
    /// Half of a [`Reply::Summary`], then the connection is lost.
    Broken,
    /// Half of a [`Reply::Summary`], ended as if it were complete.
    Short,
    /// A stream that is not valid JSON.
    Garbage,
    /// An error.
    Error {
        /// The HTTP status.
        status: u16,
        /// The value of the header `Retry-After`.
        retry_after: Option<String>,
        /// The `code` in its body, for example `context_length_exceeded`.
        code: &'static str,
        /// The `message` in its body.
        message: String,
    },
}

impl Reply {
    /// An error with a default message.
    pub fn error(status: u16, code: &'static str) -> Self {
        Self::Error {
            status,
            retry_after: None,
            code,
            message: "the model says no".to_owned(),
        }
    }

    /// A 429 with this `Retry-After`.
    pub fn busy(retry_after: &str) -> Self {
        Self::Error {
            status: 429,
            retry_after: Some(retry_after.to_owned()),
            code: "rate_limit_exceeded",
            message: "too many requests".to_owned(),
        }
    }
}
