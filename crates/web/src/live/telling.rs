//! Streams a summary to one client, piece by piece.

use std::pin::Pin;
use std::sync::Arc;

use application::summaries::{Ear, Heard, Opened};
use application::{Error, SummaryView, UseCases};
use futures::FutureExt as _;

/// A summary that is being streamed.
pub(crate) struct Telling {
    heard: Heard,
    answer: Pin<Box<dyn Future<Output = Result<SummaryView, Error>>>>,
    /// The text sent so far.
    told: String,
    /// The answer, once there is one.
    done: Option<Result<SummaryView, Error>>,
    is_over: bool,
}

/// The next part of a summary.
pub(crate) enum Next {
    /// More of its text.
    Piece(String),
    /// The complete summary, or why there is none. Nothing comes after this.
    End(Result<SummaryView, Error>),
}

impl Telling {
    /// Starts making a summary.
    pub(crate) fn begin(use_cases: &Arc<UseCases>, opened: Opened) -> Self {
        let (ear, heard) = Ear::open();
        let use_cases = Arc::clone(use_cases);
        let answer = async move { use_cases.summarise.tell(opened, Some(ear)).await };
        Self {
            heard,
            answer: answer.boxed_local(),
            told: String::new(),
            done: None,
            is_over: false,
        }
    }

    /// The next part; `None` after the end.
    pub(crate) async fn next(&mut self) -> Option<Next> {
        if self.is_over {
            return None;
        }
        while self.done.is_none() {
            let piece = tokio::select! {
                biased;
                Some(piece) = self.heard.next() => piece,
                done = &mut self.answer => {
                    self.done = Some(done);
                    break;
                }
            };
            if !piece.is_empty() {
                self.told.push_str(&piece);
                return Some(Next::Piece(piece));
            }
        }
        if let Some(piece) = self.rest() {
            self.told.push_str(&piece);
            return Some(Next::Piece(piece));
        }
        self.is_over = true;
        self.done.take().map(Next::End)
    }

    /// What the pieces left out: the whole text if it had been made before. If the pieces were those of
    /// a failed attempt, the whole text comes only with the end.
    fn rest(&self) -> Option<String> {
        let Some(Ok(view)) = &self.done else {
            return None;
        };
        let rest = view.summary.strip_prefix(self.told.as_str())?;
        (!rest.is_empty()).then(|| rest.to_owned())
    }
}
