//! Ranking sentences by centrality.

use crate::vocabulary::{Term, Vocabulary};

/// Enough iterations for the order to become stable.
const STEPS: usize = 12;
/// How much of a sentence's rank comes from the others.
const DAMPING: f64 = 0.85;

/// Anything below this is a rounding error of zero.
const NOTHING: f64 = 1e-9;

/// The terms of a sentence with their weights, normalised to length one.
pub(crate) struct Vector(Vec<(Term, f64)>);

impl Vector {
    pub(crate) fn of(terms: &[Term], vocabulary: &Vocabulary) -> Self {
        let weighed = |term: &Term| (*term, vocabulary.weight(*term));
        let mut weights: Vec<(Term, f64)> = terms.iter().map(weighed).collect();
        let length = weights.iter().map(|it| it.1 * it.1).sum::<f64>().sqrt();
        if length > 0.0 {
            for (_, weight) in &mut weights {
                *weight /= length;
            }
        }
        Self(weights)
    }

    /// Cosine similarity, from 0 to 1. The terms of both are sorted.
    pub(crate) fn likeness(&self, other: &Self) -> f64 {
        let (mut ours, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = 0.0;
        while let (Some(one), Some(two)) = (ours.peek(), theirs.peek()) {
            if one.0 == two.0 {
                sum += one.1 * two.1;
            }
            let (step_one, step_two) = (one.0 <= two.0, two.0 <= one.0);
            if step_one {
                ours.next();
            }
            if step_two {
                theirs.next();
            }
        }
        sum
    }
}

/// The centrality of each sentence, from 0 to 1: the stationary distribution of a random walk from
/// sentence to sentence by similarity (`LexRank`).
///
/// Pairwise similarities are never computed: each sentence gives its share to its terms, and each term
/// passes it on. That is the same sum in another order.
pub(crate) fn centrality(vectors: &[Vector], terms: usize) -> Vec<f64> {
    let even = vec![1.0; vectors.len()];
    // The total similarity of each to all others.
    let degrees = spread(vectors, &even, terms);
    let mut ranks = even;
    for _ in 0..STEPS {
        let shares: Vec<f64> = ranks
            .iter()
            .zip(&degrees)
            .map(|(rank, degree)| {
                if *degree > NOTHING {
                    rank / degree
                } else {
                    0.0
                }
            })
            .collect();
        let given = spread(vectors, &shares, terms);
        ranks = given
            .into_iter()
            .map(|given| 1.0 - DAMPING + DAMPING * given)
            .collect();
    }
    let most = ranks.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    ranks.into_iter().map(|rank| rank / most).collect()
}

/// What each sentence receives when each gives its share to all others by similarity.
fn spread(vectors: &[Vector], shares: &[f64], terms: usize) -> Vec<f64> {
    let mut held = vec![0.0; terms];
    for (vector, share) in vectors.iter().zip(shares) {
        for (term, weight) in &vector.0 {
            if let Some(held) = held.get_mut(*term) {
                *held += weight * share;
            }
        }
    }
    let got = |(vector, share): (&Vector, &f64)| {
        let parts = vector.0.iter();
        let from_all: f64 = parts
            .map(|(term, weight)| held.get(*term).map_or(0.0, |held| held * weight))
            .sum();
        // Subtracts what it would give to itself, as its similarity to itself is 1.
        let own = if vector.0.is_empty() { 0.0 } else { *share };
        (from_all - own).max(0.0)
    };
    vectors.iter().zip(shares).map(got).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn vectors(texts: &[&str]) -> (Vec<Vector>, usize) {
        let mut vocabulary = Vocabulary::default();
        let terms: Vec<Vec<Term>> = texts
            .iter()
            .map(|text| vocabulary.learn(&crate::saying::words(text), Lexicon::get()))
            .collect();
        let vectors = terms.iter().map(|it| Vector::of(it, &vocabulary));
        (vectors.collect(), vocabulary.len())
    }

    #[test]
    fn what_the_others_speak_of_is_central() {
        let (vectors, terms) = vectors(&[
            "importer crashes database",
            "database connection importer",
            "lunch pizza somewhere",
            "crashes every importer database night",
            "",
        ]);
        let ranks = centrality(&vectors, terms);
        assert!(ranks[3] > ranks[2] && ranks[0] > ranks[2], "{ranks:?}");
        assert!(
            ranks.iter().all(|rank| (0.0..=1.0).contains(rank)),
            "{ranks:?}"
        );
    }

    #[test]
    fn likeness_is_one_of_the_same_and_zero_of_others() {
        let (vectors, _) = vectors(&["database importer", "importer database", "pizza"]);
        assert!((vectors[0].likeness(&vectors[1]) - 1.0).abs() < 1e-9);
        assert!(vectors[0].likeness(&vectors[2]).abs() < 1e-9);
    }

    #[test]
    fn the_other_order_gives_the_same_sum() {
        let (vectors, terms) = vectors(&["alpha beta", "beta gamma", "gamma alpha delta"]);
        let given = spread(&vectors, &[1.0, 2.0, 3.0], terms);
        for (at, (vector, given)) in vectors.iter().zip(given).enumerate() {
            let others = vectors.iter().zip([1.0, 2.0, 3.0]).enumerate();
            let direct: f64 = others
                .filter(|(other, _)| *other != at)
                .map(|(_, (other, share))| vector.likeness(other) * share)
                .sum();
            assert!((direct - given).abs() < 1e-9);
        }
    }
}
