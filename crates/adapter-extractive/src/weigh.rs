//! Scoring the messages.

use crate::number::number;
use crate::saying::Saying;
use crate::signs::{Sign, Signs};

/// The weight of each sign, compared with a centrality of at most 1.
const WORTHS: [(Sign, f64); 7] = [
    (Sign::Decision, 0.85),
    (Sign::Outcome, 0.5),
    (Sign::Task, 0.45),
    (Sign::Time, 0.3),
    (Sign::Figure, 0.25),
    (Sign::Link, 0.3),
    (Sign::Question, -0.1),
];
/// The maximum weight of all signs together.
const MOST_SEEN: f64 = 1.6;

/// The factor for the centrality of a message without any telling sign: a long story touches on much of
/// what others talk about.
const NOTHING_SEEN: f64 = 0.5;

/// The score of a message, given the centrality of its most central sentence, the reactions to it, and
/// its position in the whole, from 0 to 1.
pub(crate) fn worth(saying: &Saying<'_>, heard: &Heard<'_>, central: f64, place: f64) -> f64 {
    if saying.sentences.is_empty() {
        return 0.0;
    }
    let answer = heard.answer.map_or(0.0, answered);
    let shows = saying.told || saying.signs.has_any(&Sign::TELLING) || answer > SOME_ANSWER;
    let base = central * if shows { 1.0 } else { NOTHING_SEEN } + seen(saying.signs);
    let agreed = if shows {
        0.15 * number(heard.agreed.min(3))
    } else {
        0.0
    };
    let told = if saying.told { 0.3 } else { 0.0 };
    // Later messages often settle earlier ones.
    let late = 1.0 + 0.15 * place;
    let worth = (base + answer + agreed + told) * length(saying.words) * late;
    if saying.signs.has(Sign::Chatter) {
        worth * 0.01
    } else {
        worth
    }
}

/// The reactions to a message.
pub(crate) struct Heard<'a> {
    pub(crate) answer: Option<&'a Saying<'a>>,
    /// How many messages agreed with it.
    pub(crate) agreed: usize,
}

/// What an answer without a telling sign adds to its question.
const SOME_ANSWER: f64 = 0.1;

/// What an answer adds to its question: most of the weight of its own signs.
fn answered(answer: &Saying<'_>) -> f64 {
    let tells = answer.signs.has_any(&Sign::TELLING);
    let words = if answer.words >= 5 { 0.15 } else { 0.0 };
    if tells {
        SOME_ANSWER + words + 0.6 * seen(answer.signs)
    } else {
        SOME_ANSWER
    }
}

/// The weight of the signs of a text.
pub(crate) fn seen(signs: Signs) -> f64 {
    let seen = WORTHS.iter().filter(|(sign, _)| signs.has(*sign));
    seen.map(|(_, worth)| worth).sum::<f64>().min(MOST_SEEN)
}

/// Very short messages seldom make sense on their own, and long ones are seldom read.
fn length(words: usize) -> f64 {
    match words {
        0 => 0.1,
        1 => 0.35,
        2 => 0.5,
        3 => 0.7,
        4 | 40.. => 0.85,
        5..40 => 1.0,
    }
}
