//! Choosing what goes into a summary.

use std::collections::BTreeSet;

use crate::candidate::Candidate;

/// Maximum number of candidates that are compared with each other.
const SHORT_LIST: usize = 400;
/// A candidate worth less than this share of the best one is only padding.
const LEAST: f64 = 0.25;
/// A candidate at least this similar to a chosen one is left out.
const SAME: f64 = 0.8;

/// Chooses at most `most` candidates, repeatedly taking the one that is worth most beside those chosen
/// before it (maximal marginal relevance). Those addressed to the reader come first, and may take up to
/// two thirds.
pub(crate) fn choose(candidates: &[Candidate], most: usize) -> Vec<&Candidate> {
    let mut ranked: Vec<&Candidate> = candidates.iter().filter(|it| !it.empty).collect();
    ranked.sort_by(|one, other| {
        let by_worth = other.worth.total_cmp(&one.worth);
        by_worth.then(one.place.cmp(&other.place))
    });
    let (mine, others): (Vec<_>, Vec<_>) = ranked.into_iter().partition(|it| it.to_reader);
    let mut choice = Choice::new(candidates.len(), most);
    choice.fill(&mine, (most * 2).div_ceil(3));
    // New messages must not be crowded out by what earlier summaries told.
    let fresh: Vec<&Candidate> = others.iter().copied().filter(|it| !it.told).collect();
    if fresh.len() < others.len() {
        let room = most.saturating_sub(choice.chosen.len());
        choice.fill(&fresh, room.div_ceil(3));
    }
    let room = most.saturating_sub(choice.chosen.len());
    choice.fill(&others, room);
    choice.chosen.sort_by_key(|it| (!it.to_reader, it.place));
    choice.chosen
}

struct Choice<'c> {
    chosen: Vec<&'c Candidate>,
    /// The positions already used, answers included.
    told: BTreeSet<usize>,
    /// Half the average distance between the chosen ones if they are spread evenly.
    stretch: usize,
    /// The worth of the best one chosen so far.
    best: f64,
}

impl<'c> Choice<'c> {
    fn new(said: usize, most: usize) -> Self {
        Self {
            chosen: Vec::with_capacity(most),
            told: BTreeSet::new(),
            stretch: said.div_ceil(most.max(1) * 2),
            best: 0.0,
        }
    }

    /// Whether it is already included with another one, or its answer is.
    fn is_told(&self, it: &Candidate) -> bool {
        let answered = it.answer.is_some_and(|answer| self.told.contains(&answer));
        self.told.contains(&it.place) || (answered && !it.to_reader)
    }

    fn fill(&mut self, ranked: &[&'c Candidate], most: usize) {
        let mut left: Vec<(&'c Candidate, f64)> = ranked
            .iter()
            .filter(|it| !self.told.contains(&it.place))
            .take(SHORT_LIST)
            .map(|it| {
                (
                    *it,
                    self.chosen
                        .iter()
                        .fold(1.0, |part, by| part * self.left(it, by)),
                )
            })
            .collect();
        for _ in 0..most {
            let value = |(it, part): &(&Candidate, f64)| it.worth * part;
            let best = left
                .iter()
                .enumerate()
                .filter(|(_, (it, _))| !self.is_told(it))
                .max_by(|(one_at, one), (other_at, other)| {
                    value(one)
                        .total_cmp(&value(other))
                        .then(other_at.cmp(one_at))
                })
                .map(|(at, _)| at);
            let Some(best) = best else { return };
            let (chosen, part) = left.swap_remove(best);
            self.best = self.best.max(chosen.worth);
            if chosen.worth * part < self.best * LEAST && !chosen.to_reader {
                return;
            }
            left.sort_by_key(|(it, _)| it.place);
            self.told.insert(chosen.place);
            self.told.extend(chosen.answer);
            for (other, part) in &mut left {
                *part *= self.left(other, chosen);
            }
            self.chosen.push(chosen);
        }
    }

    /// The share of its worth that a candidate keeps once another one is chosen.
    fn left(&self, it: &Candidate, told: &Candidate) -> f64 {
        let likeness = it.vector.likeness(&told.vector);
        if likeness >= SAME {
            return 0.0;
        }
        let near = it.place.abs_diff(told.place) < self.stretch;
        (1.0 - likeness) * if near { 0.9 } else { 1.0 }
    }
}
