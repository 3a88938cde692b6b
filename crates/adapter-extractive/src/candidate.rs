//! The candidates for a summary, and what they are worth.

use crate::exchange::replies;
use crate::number::number;
use crate::quote::{ANSWER, POINT, TOLD, quote};
use crate::rank::{Vector, centrality};
use crate::saying::{Reader, Saying};
use crate::signs::Sign;
use crate::vocabulary::{Term, Vocabulary};
use crate::weigh::{Heard, seen, worth};

use domain::Seq;
use domain::port::summariser::Bullet;

/// A message or earlier bullet that may go into the summary.
pub(crate) struct Candidate {
    /// Its index in the material.
    pub(crate) place: usize,
    pub(crate) worth: f64,
    pub(crate) to_reader: bool,
    pub(crate) told: bool,
    /// Whether it is only small talk, or has no sentences.
    pub(crate) empty: bool,
    pub(crate) vector: Vector,
    /// The index of the answer that goes with it.
    pub(crate) answer: Option<usize>,
    agreed: Vec<usize>,
}

/// The whole material, scored.
pub(crate) struct Field<'a> {
    sayings: Vec<Saying<'a>>,
    /// The scores of each one's sentences.
    weights: Vec<Vec<f64>>,
    pub(crate) candidates: Vec<Candidate>,
}

impl<'a> Field<'a> {
    pub(crate) fn survey(sayings: Vec<Saying<'a>>, reader: &Reader<'_>) -> Self {
        let vocabulary = &reader.vocabulary;
        let central = central(&sayings, vocabulary);
        let vectors: Vec<Vector> = sayings.iter().map(|it| whole(it, vocabulary)).collect();
        let replies = replies(&sayings, &vectors);
        let last = number(sayings.len().saturating_sub(1)).max(1.0);
        let mut candidates = Vec::with_capacity(sayings.len());
        let each = sayings.iter().zip(&central).zip(replies).zip(vectors);
        for (place, (((saying, central), replies), vector)) in each.enumerate() {
            let most = central.iter().copied().fold(0.0, f64::max);
            let heard = Heard {
                answer: replies.answer.and_then(|at| sayings.get(at)),
                agreed: replies.agreed.len(),
            };
            candidates.push(Candidate {
                place,
                worth: worth(saying, &heard, most, number(place) / last),
                to_reader: saying.to_reader,
                told: saying.told,
                empty: saying.sentences.is_empty() || saying.signs.has(Sign::Chatter),
                vector,
                answer: replies.answer,
                agreed: replies.agreed,
            });
        }
        let weights = sayings
            .iter()
            .zip(central)
            .map(|(saying, central)| {
                let pairs = saying.sentences.iter().zip(central);
                pairs
                    .map(|(it, central)| central + seen(it.signs))
                    .collect()
            })
            .collect();
        Self {
            sayings,
            weights,
            candidates,
        }
    }

    /// Whether anything can be quoted at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.sayings.iter().all(|it| it.sentences.is_empty())
    }

    /// The text of a candidate, with the messages that it comes from.
    pub(crate) fn bullet(&self, candidate: &Candidate) -> Bullet {
        let room = if candidate.told { TOLD } else { POINT };
        let mut text = self.text(candidate.place, room);
        let mut seqs = self.seqs(candidate.place);
        if let Some(answer) = candidate.answer {
            let answered = self.text(answer, ANSWER);
            text.push_str(" — ");
            text.push_str(&answered);
            seqs.extend(self.seqs(answer));
        }
        for agreed in &candidate.agreed {
            seqs.extend(self.seqs(*agreed));
        }
        seqs.sort_unstable();
        seqs.dedup();
        Bullet { text, seqs }
    }

    fn text(&self, place: usize, room: usize) -> String {
        let pair = self.sayings.get(place).zip(self.weights.get(place));
        pair.map(|(saying, weights)| quote(saying, weights, room))
            .unwrap_or_default()
    }

    fn seqs(&self, place: usize) -> Vec<Seq> {
        let saying = self.sayings.get(place);
        saying.map(|it| it.seqs.clone()).unwrap_or_default()
    }
}

/// The centrality of each sentence, per message.
fn central(sayings: &[Saying<'_>], vocabulary: &Vocabulary) -> Vec<Vec<f64>> {
    let sentences = sayings.iter().flat_map(|saying| &saying.sentences);
    let vectors: Vec<Vector> = sentences
        .map(|sentence| Vector::of(&sentence.terms, vocabulary))
        .collect();
    let mut ranks = centrality(&vectors, vocabulary.len()).into_iter();
    sayings
        .iter()
        .map(|saying| ranks.by_ref().take(saying.sentences.len()).collect())
        .collect()
}

fn whole(saying: &Saying<'_>, vocabulary: &Vocabulary) -> Vector {
    let terms = saying
        .sentences
        .iter()
        .flat_map(|it| it.terms.iter().copied());
    let mut terms: Vec<Term> = terms.collect();
    terms.sort_unstable();
    terms.dedup();
    Vector::of(&terms, vocabulary)
}
