//! Summarising conversations.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{Failure, Seq, Timestamp};

/// A message as the summariser sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its seq, by which the summary cites it.
    pub seq: Seq,
    /// The sender's display name.
    pub speaker: String,
    /// When it was posted.
    pub at: Timestamp,
    /// Its text: data, never an instruction.
    pub text: String,
}

/// What to summarise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// Messages.
    Lines(Vec<Line>),
    /// Summaries of earlier ranges, and messages to be read along with them.
    Parts {
        /// Summaries of consecutive ranges, in order.
        parts: Vec<Digest>,
        /// First the messages within these ranges that mention the reader, then the messages after them.
        tail: Vec<Line>,
    },
}

/// The form of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Bullet points, each with its sources.
    Bullets,
    /// A short paragraph.
    Brief,
}

/// The form of a summary, and its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The form.
    pub style: Style,
    /// The username of the user who asks, so that what mentions them comes first; `None` if the summary is
    /// shared by all readers.
    pub reader: Option<String>,
}

impl Telling {
    /// A summary that all readers share.
    pub const fn to_all(style: Style) -> Self {
        Self {
            style,
            reader: None,
        }
    }

    /// A summary for one reader.
    pub fn to_reader(style: Style, username: &str) -> Self {
        Self {
            style,
            reader: Some(username.to_owned()),
        }
    }
}

/// One point of a summary, with its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bullet {
    /// Its text.
    pub text: String,
    /// The messages that it is based on.
    pub seqs: Vec<Seq>,
}

/// A summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The whole in a few sentences.
    pub summary: String,
    /// The individual points.
    pub bullets: Vec<Bullet>,
    /// The model that made it.
    pub model: String,
    /// How many input and output tokens it took, if these are counted.
    pub tokens: (u64, u64),
}

/// A piece of a summary that is being generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More text.
    Delta(String),
    /// The complete summary.
    Done(Digest),
}

/// Why there is no summary.
#[derive(Debug, thiserror::Error)]
pub enum SummariseError {
    /// The material exceeds what the model can take at once.
    #[error("the material is too long for the model")]
    TooLong,
    /// The model refused, or its answer was not a valid summary.
    #[error("the model gave no usable answer")]
    Refused,
    /// The model is unavailable.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// A stream of pieces.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Piece, SummariseError>> + Send>>;

/// Summarises messages.
///
/// # Obligations
/// - `a_summary_cites_what_it_was_given`: no seq that is not in the material.
/// - `the_pieces_end_with_the_whole`: exactly one `Done`, last.
/// - `nothing_said_is_nothing_told`: without lines there are no bullets, and no model is called.
/// - `whoever_asks_gets_a_whole_summary`: what mentions the reader comes first, where that can be
///   determined; whoever they are, mentioned or not, all of the above holds.
#[async_trait]
pub trait Summariser: Send + Sync + 'static {
    /// Identifies the model and the version of its prompt: part of every cache key.
    fn maker(&self) -> &str;

    /// Generates a summary piece by piece.
    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError>;
}
