//! Listening on the bus.

use domain::port::bus::{Heard, Notice, Notices};
use futures::{FutureExt as _, StreamExt as _};

/// A listener on the bus.
pub(crate) struct Ear(pub(super) Notices);

impl Ear {
    /// All notices since the last call.
    pub(crate) fn heard(&mut self) -> Vec<Notice> {
        let mut heard = Vec::new();
        while let Some(Some(next)) = self.0.next().now_or_never() {
            match next {
                Heard::Notice(notice) => heard.push(notice.as_ref().clone()),
                Heard::Gap => panic!("the listener missed a notice"),
            }
        }
        heard
    }

    /// The single notice since the last call.
    pub(crate) fn only(&mut self) -> Notice {
        let mut heard = self.heard();
        let notice = heard.pop().expect("a notice was published");
        assert_eq!(heard, [], "nothing else was published");
        notice
    }
}
