//! Making the digest.

use domain::port::summariser::{Bullet, Digest, Material, Style, Telling};

use crate::candidate::{Candidate, Field};
use crate::choose::choose;
use crate::saying::Reader;

/// Maximum number of bullets, however much was said.
const MOST: usize = 12;
/// Maximum number of bullets in a paragraph.
const BRIEF: usize = 4;
/// Stands for a message without words.
const WORDLESS: &str = "…";

/// Summarises the material.
pub(crate) fn digest(maker: &str, material: &Material, telling: &Telling) -> Digest {
    let mut reader = Reader::new(telling.reader.as_deref());
    let (parts, lines) = match material {
        Material::Lines(lines) => (&[][..], lines),
        Material::Parts { parts, tail } => (parts.as_slice(), tail),
    };
    let said_before = parts.iter().flat_map(|part| &part.bullets);
    let mut sayings: Vec<_> = said_before.map(|it| reader.bullet(it)).collect();
    sayings.extend(lines.iter().map(|line| reader.line(line)));
    let count = sayings.len();
    let field = Field::survey(sayings, &reader);
    let full = field.candidates.iter().filter(|it| !it.empty).count();
    let most = match telling.style {
        Style::Bullets => points(full),
        Style::Brief => points(full).min(BRIEF),
    };
    let mut chosen = choose(&field.candidates, most);
    if chosen.is_empty() {
        chosen = field
            .candidates
            .iter()
            .filter(|it| it.worth > 0.0)
            .take(2)
            .collect();
    }
    let bullets: Vec<Bullet> = chosen.iter().map(|it| field.bullet(it)).collect();
    let summary = if count > 0 && field.is_empty() {
        WORDLESS.to_owned()
    } else {
        paragraph(&field, &chosen)
    };
    Digest {
        summary,
        bullets,
        model: maker.to_owned(),
        tokens: (0, 0),
    }
}

/// The number of bullets for this many messages that say something: it grows ever more slowly.
fn points(full: usize) -> usize {
    ((full * 2).isqrt() + 1).min(full).min(MOST)
}

/// The highest-scoring bullets, those addressed to the reader before others, in their original order.
fn paragraph(field: &Field<'_>, chosen: &[&Candidate]) -> String {
    let mut ranked: Vec<(usize, &&Candidate)> = chosen.iter().enumerate().collect();
    ranked.sort_by(|(_, one), (_, other)| {
        let first = other.to_reader.cmp(&one.to_reader);
        first.then(other.worth.total_cmp(&one.worth))
    });
    ranked.truncate(BRIEF);
    ranked.sort_by_key(|(at, _)| *at);
    let texts = ranked.iter().map(|(_, it)| ended(field.bullet(it).text));
    texts.collect::<Vec<_>>().join(" ")
}

/// Adds a full stop unless the text ends with a mark of any kind.
fn ended(mut text: String) -> String {
    if text.ends_with(char::is_alphanumeric) {
        text.push('.');
    }
    text
}
