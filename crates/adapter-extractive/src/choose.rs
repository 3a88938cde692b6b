//! What is told, of all that might be.

use std::collections::BTreeSet;

use crate::candidate::Candidate;

/// No more than so many are compared with each other.
const SHORT_LIST: usize = 400;
/// What is worth less than so much of the best is told for the sake of telling.
const LEAST: f64 = 0.25;
/// What is mostly like another one that is told is not told.
const SAME: f64 = 0.8;

/// At most so many of them: again and again the one that is worth most beside those that were chosen
/// before it (MMR). What is addressed to the reader comes first, and may take two thirds of the places.
pub(crate) fn choose(candidates: &[Candidate], most: usize) -> Vec<&Candidate> {
    let mut ranked: Vec<&Candidate> = candidates.iter().filter(|it| !it.empty).collect();
    ranked.sort_by(|one, other| {
        let by_worth = other.worth.total_cmp(&one.worth);
        by_worth.then(one.place.cmp(&other.place))
    });
    let (mine, others): (Vec<_>, Vec<_>) = ranked.into_iter().partition(|it| it.to_reader);
    let mut choice = Choice::new(candidates.len(), most);
    choice.fill(&mine, (most * 2).div_ceil(3));
    // What is fresh is not crowded out by all that was told before it.
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
    /// The places that are told already, answers among them.
    told: BTreeSet<usize>,
    /// How far from each other things are if they are spread evenly.
    stretch: usize,
    /// What the weightiest of them is worth.
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

    /// Whether it is told with something else already, or the answer that it is told for.
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

    /// Which part of its worth something keeps when the other is told.
    fn left(&self, it: &Candidate, told: &Candidate) -> f64 {
        let likeness = it.vector.likeness(&told.vector);
        if likeness >= SAME {
            return 0.0;
        }
        let near = it.place.abs_diff(told.place) < self.stretch;
        (1.0 - likeness) * if near { 0.9 } else { 1.0 }
    }
}
