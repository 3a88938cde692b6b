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

/// The last message that did not change: neither it nor anything before it is new. What comes after it
/// may be.
pub(super) fn unchanged_before(changed: &BTreeSet<Seq>, last: Seq) -> Seq {
    let mut place = last.get();
    while Seq::new(place).is_some_and(|seq| place > 0 && changed.contains(&seq)) {
        place -= 1;
    }
    Seq::new(place).unwrap_or(Seq::ZERO)
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
    fn what_comes_after_the_last_that_did_not_change_may_be_new() {
        let seq = |number| Seq::new(number).unwrap();
        let cases: [(&[i64], i64, i64); 5] = [
            (&[], 7, 7),
            (&[7, 8], 8, 6),
            (&[3, 7, 8], 8, 6),
            (&[3, 8], 9, 9),
            (&[1, 2, 3], 3, 0),
        ];
        for (changed, last, known) in cases {
            let changed = changed.iter().copied().map(seq).collect();
            assert_eq!(unchanged_before(&changed, seq(last)), seq(known));
        }
    }
}
