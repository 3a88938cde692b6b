//! What the model does with a call.

use std::time::Duration;

/// One answer of the model.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It does what it was asked: five of the things that it was given, evenly taken, each with the
    /// `seq` that it came with, as `{ summary, bullets: [{ text, seqs }] }`.
    Summary,
    /// These words, whatever was asked.
    Words(String),
    /// Nothing for so long, and then a [`Reply::Summary`].
    Late(Duration),
    /// Half of a [`Reply::Summary`], and nothing more for so long.
    Stuck(Duration),
    /// Half of a [`Reply::Summary`], and the connection is lost.
    Broken,
    /// Half of a [`Reply::Summary`], and an end as if that were all.
    Short,
    /// A stream of what is no JSON.
    Garbage,
    /// An error.
    Error {
        /// The HTTP status.
        status: u16,
        /// What the header `Retry-After` says.
        retry_after: Option<String>,
        /// The `code` in its body, `context_length_exceeded`.
        code: &'static str,
        /// The `message` in its body.
        message: String,
    },
}

impl Reply {
    /// An error without further words.
    pub fn error(status: u16, code: &'static str) -> Self {
        Self::Error {
            status,
            retry_after: None,
            code,
            message: "the model says no".to_owned(),
        }
    }

    /// 429, to come again after so many seconds.
    pub fn busy(retry_after: &str) -> Self {
        Self::Error {
            status: 429,
            retry_after: Some(retry_after.to_owned()),
            code: "rate_limit_exceeded",
            message: "too many requests".to_owned(),
        }
    }
}
