//! Listening on the bus.

use domain::port::bus::{Heard, Notice, Notices};
use futures::{FutureExt as _, StreamExt as _};

/// Hears what is told on the bus.
pub(crate) struct Ear(pub(super) Notices);

impl Ear {
    /// Everything that was told since the last time.
    pub(crate) fn heard(&mut self) -> Vec<Notice> {
        let mut heard = Vec::new();
        while let Some(Some(next)) = self.0.next().now_or_never() {
            match next {
                Heard::Notice(notice) => heard.push(notice.as_ref().clone()),
                Heard::Gap => panic!("the ear missed something"),
            }
        }
        heard
    }

    /// The one notice that must have been told since the last time.
    pub(crate) fn only(&mut self) -> Notice {
        let mut heard = self.heard();
        let notice = heard.pop().expect("something was told");
        assert_eq!(heard, [], "nothing else was told");
        notice
    }
}
