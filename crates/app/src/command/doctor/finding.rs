//! Findings, one line each.

use std::fmt::{self, Display};

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Fine,
    /// Worth knowing, but no reason not to start.
    Note,
    /// The server does not start, or will not work.
    Wrong,
}

/// The result of one check.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) state: State,
    part: &'static str,
    sentence: String,
}

impl Finding {
    pub(super) fn fine(part: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(State::Fine, part, sentence)
    }

    pub(super) fn note(part: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(State::Note, part, sentence)
    }

    pub(super) fn wrong(part: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(State::Wrong, part, sentence)
    }

    fn new(state: State, part: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            state,
            part,
            sentence: sentence.into(),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Fine => "ok",
            State::Note => "note",
            State::Wrong => "wrong",
        };
        write!(f, "  {state:5}  {:8}  {}", self.part, self.sentence)
    }
}
