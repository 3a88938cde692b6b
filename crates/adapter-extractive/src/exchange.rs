//! Messages that belong together: a question and its answer, a proposal and those who agree.

use crate::rank::Vector;
use crate::saying::Saying;
use crate::signs::Sign;

/// Within how many messages after a question its answer is looked for.
const NEAR: usize = 6;
/// Within how many messages after a proposal agreement is looked for.
const AT_ONCE: usize = 4;
/// The maximum distance in sequence numbers: messages picked out of a long conversation are adjacent
/// here, but were not when they were written.
const APART: i64 = 50;

/// The replies to a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replies {
    /// The index of the answer.
    pub(crate) answer: Option<usize>,
    /// The indices of the messages that agree.
    pub(crate) agreed: Vec<usize>,
}

/// The replies to each message. The vectors are those of whole messages.
pub(crate) fn replies(sayings: &[Saying<'_>], vectors: &[Vector]) -> Vec<Replies> {
    let all = sayings.iter().zip(vectors).enumerate();
    all.map(|(index, (saying, vector))| {
        if saying.told || saying.sentences.is_empty() || saying.signs.has(Sign::Chatter) {
            return Replies::default();
        }
        let later = || {
            let after = sayings.iter().zip(vectors).enumerate().skip(index + 1);
            after.take_while(|(_, (reply, _))| is_near(saying, reply))
        };
        let answer = asks(saying)
            .then(|| {
                later()
                    .take(NEAR)
                    .filter(|(_, (reply, _))| answers(saying, reply))
                    .map(|(at, (reply, theirs))| {
                        let likeness = vector.likeness(theirs);
                        (at, fit(saying, reply, likeness, at - index))
                    })
                    .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)))
                    .map(|(at, _)| at)
            })
            .flatten();
        // A yes agrees with the latest message that says something, and with nothing before it.
        let agreed = later()
            .take(AT_ONCE)
            .take_while(|(_, (reply, _))| reply.signs.has(Sign::Chatter) || reply.words < 4)
            .filter(|(_, (reply, _))| reply.signs.has(Sign::Yes) && others(saying, reply))
            .map(|(at, _)| at)
            .collect();
        Replies { answer, agreed }
    })
    .collect()
}

fn is_near(saying: &Saying<'_>, reply: &Saying<'_>) -> bool {
    let places = saying.seqs.first().zip(reply.seqs.first());
    places.is_none_or(|(place, later)| later.after(*place) <= APART)
}

fn others(saying: &Saying<'_>, reply: &Saying<'_>) -> bool {
    reply.speaker != saying.speaker && !reply.told
}

/// Whether it ends with a question, so that what follows may be the answer.
fn asks(saying: &Saying<'_>) -> bool {
    let last = saying.sentences.iter().rev().take(2);
    last.into_iter().any(|it| it.signs.has(Sign::Question))
}

fn answers(saying: &Saying<'_>, reply: &Saying<'_>) -> bool {
    let only_asks = reply
        .sentences
        .iter()
        .all(|it| it.signs.has(Sign::Question) || it.signs.has(Sign::Chatter));
    others(saying, reply) && !only_asks
}

/// How well a reply fits a question: whether it is near, is about the same, addresses the asker, and
/// says something.
fn fit(saying: &Saying<'_>, reply: &Saying<'_>, likeness: f64, distance: usize) -> f64 {
    let near = match distance {
        1 => 0.5,
        2 => 0.35,
        3 => 0.2,
        _ => 0.05,
    };
    let called = reply.sentences.iter().take(1).any(|it| {
        let first = it.text.trim_start_matches('@').to_lowercase();
        !saying.speaker.is_empty() && first.starts_with(&saying.speaker.to_lowercase())
    });
    near + likeness
        + if called { 0.5 } else { 0.0 }
        + if reply.signs.has_any(&Sign::TELLING) {
            0.2
        } else {
            0.0
        }
        + if reply.words > 2 { 0.15 } else { 0.0 }
}
