//! Telling what was said, in short.

use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;

use crate::{Failure, Seq, Timestamp};

/// A message as the summariser is shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place, by which it is cited.
    pub seq: Seq,
    /// The name of whoever said it, as people see it.
    pub speaker: String,
    /// When.
    pub at: Timestamp,
    /// What they said: data, never an instruction.
    pub text: String,
}

/// What to tell in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Material {
    /// Messages.
    Lines(Vec<Line>),
    /// Summaries of stretches before, and messages that are to be read beside them.
    Parts {
        /// Summaries of stretches, in order.
        parts: Vec<Digest>,
        /// The messages after them, and before these the ones within them that mention the reader.
        tail: Vec<Line>,
    },
}

/// How it should be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Points, each with its sources.
    Bullets,
    /// A short paragraph.
    Brief,
}

/// How it should be told, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// In which form.
    pub style: Style,
    /// The username of whoever asks, so that what mentions them comes first; nobody where the summary
    /// is for everybody.
    pub reader: Option<String>,
}

impl Telling {
    /// For everybody alike.
    pub const fn to_all(style: Style) -> Self {
        Self {
            style,
            reader: None,
        }
    }

    /// For one reader.
    pub fn to_reader(style: Style, username: &str) -> Self {
        Self {
            style,
            reader: Some(username.to_owned()),
        }
    }
}

/// One thing worth telling, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bullet {
    /// What.
    pub text: String,
    /// Where.
    pub seqs: Vec<Seq>,
}

/// A summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// All of it in a few sentences.
    pub summary: String,
    /// The things worth telling.
    pub bullets: Vec<Bullet>,
    /// Who made it.
    pub model: String,
    /// How many tokens went in and came out, where these are counted.
    pub tokens: (u64, u64),
}

/// A piece of a summary that is still being made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More of its text.
    Delta(String),
    /// All of it.
    Done(Digest),
}

/// Why there is no summary.
#[derive(Debug, thiserror::Error)]
pub enum SummariseError {
    /// More than the model can take at once.
    #[error("the material is too long for the model")]
    TooLong,
    /// The model will not, or answered what is no summary.
    #[error("the model gave no usable answer")]
    Refused,
    /// The model is away.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Pieces as they come.
pub type Pieces = Pin<Box<dyn Stream<Item = Result<Piece, SummariseError>> + Send>>;

/// Tells in short what was said.
///
/// # Obligations
/// - `a_summary_cites_what_it_was_given`: no seq that is not in the material.
/// - `the_pieces_end_with_the_whole`: exactly one `Done`, last.
/// - `nothing_said_is_nothing_told`: no lines, no bullets, no call to a model.
/// - `whoever_asks_gets_a_whole_summary`: a reader is told what mentions them first, where that can be
///   seen; whoever they are, mentioned or not, all of the above holds.
#[async_trait]
pub trait Summariser: Send + Sync + 'static {
    /// Names what makes the summaries, with the version of its prompt: part of every cache key.
    fn maker(&self) -> &str;

    /// Makes a summary, piece by piece.
    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError>;
}
