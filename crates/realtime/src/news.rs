//! Which messages a node has announced.

use std::collections::BTreeSet;

use domain::Seq;

/// How many messages may be announced ahead of a missing one. Beyond that, the missing ones count as
/// announced.
const MOST_BEYOND: usize = 4096;

/// Which messages a node has announced. The store returns a message in its present state, which does not
/// tell whether it is new to the listeners.
#[derive(Default)]
pub(crate) struct News {
    /// All up to this one are announced, once that is known.
    old: Option<Seq>,
    /// Announced as well.
    beyond: BTreeSet<Seq>,
}

impl News {
    /// Listeners know of all messages up to this one.
    pub(crate) fn begin(&mut self, seq: Seq) {
        self.old = Some(seq);
        self.beyond.clear();
    }

    /// Records an event of a message. Returns whether it is the first one; as long as nothing is known,
    /// `posted` decides.
    pub(crate) fn hear(&mut self, seq: Seq, posted: bool) -> bool {
        let Some(old) = &mut self.old else {
            self.old = Some(seq);
            return posted;
        };
        if seq <= *old || !self.beyond.insert(seq) {
            return false;
        }
        while self.beyond.remove(&old.next()) {
            *old = old.next();
        }
        if self.beyond.len() > MOST_BEYOND
            && let Some(first) = self.beyond.pop_first()
        {
            *old = first;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(number: i64) -> Seq {
        Seq::new(number).unwrap()
    }

    fn heard(news: &mut News, seqs: &[i64]) -> Vec<bool> {
        let hear = |number: &i64| news.hear(seq(*number), false);
        seqs.iter().map(hear).collect()
    }

    #[test]
    fn a_message_is_news_once_in_whatever_order_they_come() {
        let mut news = News::default();
        news.begin(seq(4));
        assert_eq!(
            heard(&mut news, &[4, 6, 5, 6, 5, 7]),
            [false, true, true, false, false, true]
        );
        assert!(news.beyond.is_empty());
    }

    #[test]
    fn where_nothing_is_known_a_message_is_what_it_is_said_to_be() {
        for posted in [true, false] {
            let mut news = News::default();
            assert_eq!(news.hear(seq(9), posted), posted);
            assert_eq!(heard(&mut news, &[9, 10]), [false, true]);
        }
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut news = News::default();
        news.begin(seq(0));
        for number in 0..10_000 {
            news.hear(seq(2 + 2 * number), false);
        }
        assert!(news.beyond.len() <= MOST_BEYOND);
    }
}
