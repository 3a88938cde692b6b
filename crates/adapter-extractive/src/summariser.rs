//! The summariser.

use async_trait::async_trait;
use domain::Failure;
use domain::port::Summariser;
use domain::port::summariser::{Digest, Material, Piece, Pieces, SummariseError, Telling};
use futures::{StreamExt as _, stream};

use crate::digest::digest;

/// Identifies this version of the way in which it chooses and quotes.
const MAKER: &str = "extractive/1";

/// With more messages than this, a summary takes too long to be made on an async worker thread.
const AT_ONCE: usize = 200;

/// Quotes the messages that say most of what was said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extractive;

impl Extractive {
    /// A summariser; it has no state.
    pub const fn new() -> Self {
        Self
    }

    /// The final summary, made on the calling thread.
    pub fn digest(self, material: &Material, telling: &Telling) -> Digest {
        digest(MAKER, material, telling)
    }
}

#[async_trait]
impl Summariser for Extractive {
    fn maker(&self) -> &str {
        MAKER
    }

    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError> {
        let digest = if size(material) <= AT_ONCE {
            self.digest(material, telling)
        } else {
            let (summariser, material, telling) = (*self, material.clone(), telling.clone());
            tokio::task::spawn_blocking(move || summariser.digest(&material, &telling))
                .await
                .map_err(|gone| Failure::passing("summariser", "summarise", gone))?
        };
        let deltas: Vec<String> = digest
            .summary
            .split_inclusive(' ')
            .map(str::to_owned)
            .collect();
        let pieces = deltas.into_iter().map(Piece::Delta);
        let whole = pieces.chain([Piece::Done(digest)]);
        Ok(stream::iter(whole.map(Ok)).boxed())
    }
}

fn size(material: &Material) -> usize {
    match material {
        Material::Lines(lines) => lines.len(),
        Material::Parts { parts, tail } => {
            let told = parts.iter().map(|part| part.bullets.len());
            told.sum::<usize>() + tail.len()
        }
    }
}
