//! Which messages a client that catches up has received: what the store returns has no sign of that.

use std::collections::BTreeSet;

use domain::Seq;

/// The messages that a client has received.
pub(super) struct Known {
    /// All up to this one,
    up_to: Seq,
    /// except these,
    pub(super) but: BTreeSet<Seq>,
    /// plus these, which come after it.
    and: BTreeSet<Seq>,
}

impl Known {
    pub(super) const fn up_to(last: Seq) -> Self {
        Self {
            up_to: last,
            but: BTreeSet::new(),
            and: BTreeSet::new(),
        }
    }

    /// Records a message. Returns whether it is new to the client.
    pub(super) fn hear(&mut self, seq: Seq) -> bool {
        self.but.remove(&seq) || (seq > self.up_to && self.and.insert(seq))
    }

    /// The last message that the client has received.
    pub(super) fn last(&self) -> Seq {
        self.and.last().copied().unwrap_or(self.up_to)
    }
}

/// What changed in a room since a client last had everything.
#[derive(Default)]
pub(super) struct Changed {
    /// Messages that were posted, and have not changed since.
    pub(super) posted: BTreeSet<Seq>,
    /// Messages of which only the latest change is known: they may have been posted before it, or not.
    pub(super) otherwise: BTreeSet<Seq>,
    /// How many more changes there were, which later ones replaced.
    pub(super) replaced: usize,
}

impl Changed {
    /// The last message that is known not to be new. Neither is anything before it.
    pub(super) fn begins_after(&self, last: Seq) -> Seq {
        // Each may have been posted by one of the changes that were replaced.
        let mut replaced = self.replaced;
        let mut may_be_new = |seq| {
            if self.posted.contains(&seq) {
                return true;
            }
            let may = replaced > 0 && self.otherwise.contains(&seq);
            replaced -= usize::from(may);
            may
        };
        let mut place = last.get();
        while place > 0 && Seq::new(place).is_some_and(&mut may_be_new) {
            place -= 1;
        }
        Seq::new(place).unwrap_or(Seq::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_news_once() {
        let seq = |number| Seq::new(number).unwrap();
        let mut known = Known::up_to(seq(7));
        known.but.insert(seq(3));
        let heard = [2, 3, 3, 7, 9, 8, 9].map(|number| known.hear(seq(number)));
        assert_eq!(heard, [false, true, false, false, true, true, false]);
    }

    #[test]
    fn what_comes_after_the_last_that_is_not_new_is_new() {
        let seq = |number| Seq::new(number).unwrap();
        let seqs = |numbers: &[i64]| numbers.iter().copied().map(seq).collect();
        let changed = |posted: &[i64], otherwise: &[i64], replaced| Changed {
            posted: seqs(posted),
            otherwise: seqs(otherwise),
            replaced,
        };
        let cases = [
            (changed(&[], &[], 0), 7, 7),
            (changed(&[7, 8], &[], 0), 8, 6),
            (changed(&[7, 8], &[3], 0), 8, 6),
            // The last message was changed, and had been posted before.
            (changed(&[], &[8], 0), 8, 8),
            (changed(&[8], &[7], 0), 8, 7),
            // Or it may have been posted by the change that was replaced.
            (changed(&[], &[8], 1), 8, 7),
            (changed(&[], &[7, 8], 1), 8, 7),
            (changed(&[], &[1, 2, 3], 9), 3, 0),
        ];
        for (changed, last, known) in cases {
            assert_eq!(changed.begins_after(seq(last)), seq(known));
        }
    }
}
