//! A scripted model that records what it was asked.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::Failure;
use domain::port::Summariser;
use domain::port::summariser::{
    Bullet, Digest, Line, Material, Piece, Pieces, SummariseError, Telling,
};
use futures::{StreamExt as _, stream};
use tokio::sync::Notify;

use super::super::guard::weight;

/// How the model behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mood {
    #[default]
    Well,
    /// It cannot be reached.
    Away,
    /// Its answer is not a summary.
    Confused,
    /// It never answers.
    Silent,
    /// It fails in the middle of an answer.
    Faltering,
    /// It takes texts of at most this many characters in total.
    Small(usize),
}

/// What the model was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The positions of the messages that it read.
    pub(super) lines: Vec<i64>,
    /// The number of summaries of parts.
    pub(super) parts: usize,
    pub(super) reader: Option<String>,
    /// All texts in it.
    pub(super) text: String,
    /// About how many tokens that is.
    pub(super) tokens: u64,
}

/// A scripted model.
#[derive(Default)]
pub(super) struct Scripted {
    mood: Mutex<Mood>,
    questions: Mutex<Vec<Question>>,
    /// Signalled whenever it is asked.
    pub(super) asked: Notify,
}

impl Scripted {
    pub(super) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// What it was asked since the last look.
    pub(super) fn questions(&self) -> Vec<Question> {
        std::mem::take(&mut *self.questions.lock().unwrap())
    }

    fn takes(&self, material: &Material, telling: &Telling) -> Result<Mood, SummariseError> {
        let mood = *self.mood.lock().unwrap();
        let question = question(material, telling);
        if matches!(mood, Mood::Small(most) if question.text.len() > most) {
            return Err(SummariseError::TooLong);
        }
        self.questions.lock().unwrap().push(question);
        self.asked.notify_waiters();
        match mood {
            Mood::Away => Err(Failure::passing("summariser", "tell", "it is away").into()),
            Mood::Confused => Err(SummariseError::Refused),
            Mood::Well | Mood::Silent | Mood::Faltering | Mood::Small(_) => Ok(mood),
        }
    }
}

#[async_trait]
impl Summariser for Scripted {
    fn maker(&self) -> &'static str {
        "scripted/1"
    }

    async fn summarise(
        &self,
        material: &Material,
        telling: &Telling,
    ) -> Result<Pieces, SummariseError> {
        let mood = self.takes(material, telling)?;
        let digest = digest(material);
        let delta = Ok(Piece::Delta("told ".to_owned()));
        Ok(match mood {
            Mood::Silent => stream::pending().boxed(),
            Mood::Faltering => {
                let gone = Failure::passing("summariser", "tell", "it broke off");
                stream::iter([delta, Err(gone.into())]).boxed()
            }
            Mood::Well | Mood::Away | Mood::Confused | Mood::Small(_) => {
                stream::iter([delta, Ok(Piece::Done(digest))]).boxed()
            }
        })
    }
}

fn split(material: &Material) -> (&[Digest], &[Line]) {
    match material {
        Material::Lines(lines) => (&[], lines),
        Material::Parts { parts, tail } => (parts, tail),
    }
}

fn question(material: &Material, telling: &Telling) -> Question {
    let (parts, lines) = split(material);
    let told = parts.iter().map(|part| part.summary.as_str());
    let said = lines.iter().map(|line| line.text.as_str());
    Question {
        lines: lines.iter().map(|line| line.seq.get()).collect(),
        parts: parts.len(),
        reader: telling.reader.clone(),
        text: told.chain(said).collect::<Vec<_>>().join("\n"),
        tokens: weight(material),
    }
}

/// Counts what it was given, and quotes the first and the last of it.
fn digest(material: &Material) -> Digest {
    let (parts, lines) = split(material);
    let ends = [lines.first(), lines.last()].into_iter().flatten();
    let quotes: BTreeMap<_, _> = ends.map(|line| (line.seq, line.text.clone())).collect();
    let quotes = quotes.into_iter().map(|(seq, text)| Bullet {
        text: text.chars().take(60).collect(),
        seqs: vec![seq],
    });
    let told = parts
        .iter()
        .filter_map(|part| part.bullets.first().cloned());
    Digest {
        summary: format!("told {} parts and {} lines", parts.len(), lines.len()),
        bullets: told.chain(quotes).collect(),
        model: "scripted".to_owned(),
        tokens: (weight(material), 10),
    }
}
