//! The system prompt, and the data that the model is shown.

use domain::port::summariser::{Digest, Line, Material, Style, Telling};
use serde::Serialize;

/// The version is part of every cache key: a changed wording needs a new file.
pub(crate) const VERSION: &str = "summary-2";
/// The instructions. Nothing that a user wrote is ever in here.
pub(crate) const SYSTEM: &str = include_str!("../prompts/summary-2.md");

#[derive(Serialize)]
struct Data<'a> {
    style: &'static str,
    reader: Option<&'a str>,
    before: Vec<Before<'a>>,
    messages: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Before<'a> {
    summary: &'a str,
    bullets: Vec<Point<'a>>,
}

#[derive(Serialize)]
struct Point<'a> {
    text: &'a str,
    seqs: Vec<i64>,
}

#[derive(Serialize)]
struct Said<'a> {
    seq: i64,
    speaker: &'a str,
    at: i64,
    text: &'a str,
}

/// The material as JSON; `None` if it cannot be serialised.
pub(crate) fn data(material: &Material, telling: &Telling) -> Option<String> {
    let (parts, lines) = split(material);
    let data = Data {
        style: match telling.style {
            Style::Bullets => "bullets",
            Style::Brief => "brief",
        },
        reader: telling.reader.as_deref(),
        before: parts.iter().map(before).collect(),
        messages: lines.iter().map(said).collect(),
    };
    serde_json::to_string(&data).ok()
}

/// The summaries of earlier parts, and the messages after them.
pub(crate) fn split(material: &Material) -> (&[Digest], &[Line]) {
    match material {
        Material::Lines(lines) => (&[], lines),
        Material::Parts { parts, tail } => (parts, tail),
    }
}

fn before(digest: &Digest) -> Before<'_> {
    let bullets = digest.bullets.iter().map(|bullet| Point {
        text: &bullet.text,
        seqs: bullet.seqs.iter().map(|seq| seq.get()).collect(),
    });
    Before {
        summary: &digest.summary,
        bullets: bullets.collect(),
    }
}

fn said(line: &Line) -> Said<'_> {
    Said {
        seq: line.seq.get(),
        speaker: &line.speaker,
        at: line.at.as_millis(),
        text: &line.text,
    }
}
