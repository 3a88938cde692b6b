//! What a part of a summary is made of.

use std::sync::Arc;

use domain::port::cache::CacheKey;
use domain::port::summariser::{Digest, Line, Material, Style, Telling};
use domain::{Rev, RoomId};
use sha2::{Digest as _, Sha256};

use super::gather::Spoken;
use super::plan::Span;
use super::told::{Said, Told};

/// A part of a summary that is to be made.
#[derive(Clone, Debug)]
pub(super) struct Making {
    pub(super) room: RoomId,
    pub(super) span: Span,
    /// The last rev of anything in the span.
    pub(super) rev: Rev,
    /// The rev of the room when that was read.
    pub(super) room_rev: Rev,
    pub(super) telling: Telling,
    pub(super) source: Source,
}

/// What it is made of.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// The messages of the span, which are read when it is made.
    Messages,
    /// What was told of its parts, and the messages after these.
    Parts(Vec<Arc<Told>>, Spoken),
}

/// What a part is made of, read.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    pub(super) material: Material,
    pub(super) said: Said,
    /// Whether others than the model have told some of it.
    pub(super) degraded: bool,
}

impl Making {
    /// The name of this version, as this maker tells it.
    pub(super) fn key(&self, maker: &str) -> CacheKey {
        self.named(self.rev, self.maker(maker))
    }

    /// The name of whatever says the same, since most of what happens to messages changes no word.
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

    /// A username comes last: it may hold nothing that looks like the rest.
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
    /// What was read.
    pub(super) fn of_messages(spoken: Spoken) -> Self {
        Self {
            material: Material::Lines(spoken.lines),
            said: spoken.said,
            degraded: false,
        }
    }

    /// What was told, and read after it.
    pub(super) fn of_parts(parts: &[Arc<Told>], tail: Spoken) -> Self {
        if parts.is_empty() {
            return Self::of_messages(tail);
        }
        let mut said = tail.said;
        for part in parts {
            said.join(&part.said);
        }
        // What nobody said anything in tells nothing.
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

    /// Whether nothing was said.
    pub(super) const fn is_silent(&self) -> bool {
        match &self.material {
            Material::Lines(lines) => lines.is_empty(),
            Material::Parts { parts, tail } => parts.is_empty() && tail.is_empty(),
        }
    }
}

/// A name of everything that a model would read.
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

/// With its length, so that no two rows of texts look alike.
fn add_text(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_le_bytes());
    hash.update(text.as_bytes());
}
