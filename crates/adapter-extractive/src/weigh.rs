//! What each thing that was said is worth.

use crate::exchange::Replies;
use crate::number::number;
use crate::saying::Saying;
use crate::signs::{Sign, Signs};

/// What can be seen of it is worth so much, beside a centrality of at most 1.
const WORTHS: [(Sign, f64); 7] = [
    (Sign::Decision, 0.85),
    (Sign::Outcome, 0.5),
    (Sign::Task, 0.45),
    (Sign::Time, 0.3),
    (Sign::Figure, 0.25),
    (Sign::Link, 0.3),
    (Sign::Question, -0.1),
];
/// And all of that together at most so much.
const MOST_SEEN: f64 = 1.6;

/// How much it is worth telling, given how central its most central sentence is and where it stands in
/// the whole, from 0 to 1.
pub(crate) fn worth(saying: &Saying<'_>, replies: &Replies, central: f64, place: f64) -> f64 {
    if saying.sentences.is_empty() {
        return 0.0;
    }
    let base = central + seen(saying.signs);
    let answered = if replies.answer.is_some() { 0.4 } else { 0.0 };
    let agreed = 0.2 * number(replies.agreed.len().min(3));
    let told = if saying.told { 0.3 } else { 0.0 };
    // What came later often settles what came before.
    let late = 1.0 + 0.15 * place;
    let worth = (base + answered + agreed + told) * length(saying.words) * late;
    if saying.signs.has(Sign::Chatter) {
        worth * 0.01
    } else {
        worth
    }
}

/// What can be seen of a text is worth so much.
pub(crate) fn seen(signs: Signs) -> f64 {
    let seen = WORTHS.iter().filter(|(sign, _)| signs.has(*sign));
    seen.map(|(_, worth)| worth).sum::<f64>().min(MOST_SEEN)
}

/// Few words seldom stand for themselves.
fn length(words: usize) -> f64 {
    match words {
        0 => 0.1,
        1 => 0.35,
        2 => 0.5,
        3 => 0.7,
        4 => 0.85,
        _ => 1.0,
    }
}
