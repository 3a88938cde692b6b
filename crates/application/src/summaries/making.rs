//! What a part of a summary is made from.

use std::sync::Arc;

use domain::port::cache::CacheKey;
use domain::port::summariser::{Digest, Line, Material, Style, Telling};
use domain::{Rev, RoomId};
use sha2::{Digest as _, Sha256};

use super::gather::Spoken;
use super::plan::Span;
use super::range_summary::{RangeSummary, Said};

/// A part of a summary to be made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) room: RoomId,
    pub(super) span: Span,
    /// The latest rev of anything in the span.
    pub(super) rev: Rev,
    /// The room's rev when that was read.
    pub(super) room_rev: Rev,
    pub(super) telling: Telling,
    pub(super) source: Source,
}

/// What a part is made from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The messages of the span, which are only read when the part is made.
    Messages,
    /// The summaries of its parts, and the messages after them.
    Parts(Vec<Arc<RangeSummary>>, Spoken),
}

/// The input of a part, read.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    pub(super) material: Material,
    pub(super) said: Said,
    /// Whether some of it was not made by the model.
    pub(super) degraded: bool,
}

impl Making {
    /// The cache key of this version of the part, made by this maker.
    pub(super) fn key(&self, maker: &str) -> CacheKey {
        self.named(self.rev, self.maker(maker))
    }

    /// The cache key of identical input, since most changes to messages change none of their words.
    pub(super) fn key_of_words(&self, maker: &str, material: &Material) -> CacheKey {
        let digest = fingerprint(material);
        self.named(Rev::ZERO, format!("{}#{digest}", self.maker(maker)))
    }

    fn named(&self, rev: Rev, maker: String) -> CacheKey {
        CacheKey::Summary {
            room: self.room,
            from: self.span.first(),
            to: self.span.up_to,
            rev,
            maker,
        }
    }

    /// The username comes last: it cannot contain the separators before it.
    fn maker(&self, maker: &str) -> String {
        let style = match self.telling.style {
            Style::Bullets => "bullets",
            Style::Brief => "brief",
        };
        match &self.telling.reader {
            None => format!("{maker}/{style}"),
            Some(reader) => format!("{maker}/{style}@{reader}"),
        }
    }
}

impl Gathered {
    /// From messages only.
    pub(super) fn of_messages(spoken: Spoken) -> Self {
        Self {
            material: Material::Lines(spoken.lines),
            said: spoken.said,
            degraded: false,
        }
    }

    /// From the summaries of parts, and the messages after them.
    pub(super) fn of_parts(parts: &[Arc<RangeSummary>], tail: Spoken) -> Self {
        if parts.is_empty() {
            return Self::of_messages(tail);
        }
        let mut said = tail.said;
        for part in parts {
            said.join(&part.said);
        }
        // A part without messages has no summary.
        let telling = parts.iter().filter(|part| part.said.messages > 0);
        Self {
            degraded: parts.iter().any(|part| part.degraded),
            material: Material::Parts {
                parts: telling.map(|part| part.digest.clone()).collect(),
                tail: tail.lines,
            },
            said: said.bounded(),
        }
    }

    /// Whether there are no messages in it.
    pub(super) const fn is_silent(&self) -> bool {
        match &self.material {
            Material::Lines(lines) => lines.is_empty(),
            Material::Parts { parts, tail } => parts.is_empty() && tail.is_empty(),
        }
    }
}

/// A hash of everything that a model would read.
fn fingerprint(material: &Material) -> String {
    let mut hash = Sha256::new();
    let (parts, lines) = match material {
        Material::Lines(lines) => (&[][..], lines),
        Material::Parts { parts, tail } => (parts.as_slice(), tail),
    };
    for part in parts {
        add_part(&mut hash, part);
    }
    for line in lines {
        add_line(&mut hash, line);
    }
    let hash = hash.finalize();
    let halves = hash.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}

fn add_part(hash: &mut Sha256, part: &Digest) {
    add_text(hash, "part");
    add_text(hash, &part.summary);
    for bullet in &part.bullets {
        add_text(hash, &bullet.text);
        for seq in &bullet.seqs {
            hash.update(seq.get().to_le_bytes());
        }
    }
}

fn add_line(hash: &mut Sha256, line: &Line) {
    add_text(hash, "line");
    hash.update(line.seq.get().to_le_bytes());
    hash.update(line.at.as_millis().to_le_bytes());
    add_text(hash, &line.speaker);
    add_text(hash, &line.text);
}

/// Hashes the length too, so that different sequences of texts cannot collide.
fn add_text(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_le_bytes());
    hash.update(text.as_bytes());
}
