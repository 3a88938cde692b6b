//! The same thing, said to each listener in its own way.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::Seq;

/// How many ways of saying the same there may be.
const MOST: usize = 6;

/// Which of the ways of saying the same a listener understands. Whoever hands frames to the hub knows
/// what they are; here they have numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialect(usize);

impl Dialect {
    /// The dialect of this number, of which there are six.
    ///
    /// # Panics
    ///
    /// When there is none, which a constant shows when it is compiled.
    pub const fn new(number: usize) -> Self {
        assert!(number < MOST, "there are so many dialects only");
        Self(number)
    }
}

/// Something said at once, in the dialect of whoever hears it, written down once for each dialect.
/// Where it comes out empty it is not said at all.
#[derive(Clone)]
pub struct Frame(Arc<Said>);

struct Said {
    write: Box<dyn Fn(Dialect, Seq) -> Bytes + Send + Sync>,
    /// Whose history begins before this is told the same as everybody.
    common: Seq,
    forms: Forms,
}

impl Frame {
    /// What is said like this in each dialect.
    pub fn new(write: impl Fn(Dialect) -> Bytes + Send + Sync + 'static) -> Self {
        Self::reaching(Seq::MAX, move |dialect, _| write(dialect))
    }

    /// What is said like this in each dialect to those who may read nothing at or before a place: the
    /// same to all for whom that is before `common`.
    pub fn reaching(
        common: Seq,
        write: impl Fn(Dialect, Seq) -> Bytes + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Said {
            write: Box::new(write),
            common,
            forms: Forms::default(),
        }))
    }

    /// What is said to somebody who may read nothing at or before `floor`.
    pub(crate) fn said(&self, dialect: Dialect, floor: Seq) -> Bytes {
        let Said {
            write,
            common,
            forms,
        } = &*self.0;
        if floor < *common || *common == Seq::MAX {
            forms.get(dialect, || write(dialect, floor))
        } else {
            write(dialect, floor)
        }
    }
}

/// What was written down in each dialect.
#[derive(Default)]
pub(crate) struct Forms([OnceLock<Bytes>; MOST]);

impl Forms {
    pub(crate) fn get(&self, dialect: Dialect, write: impl FnOnce() -> Bytes) -> Bytes {
        match self.0.get(dialect.0) {
            Some(form) => form.get_or_init(write).clone(),
            // No dialect has such a number.
            None => write(),
        }
    }
}

/// How many listeners speak each dialect.
#[derive(Default)]
pub(crate) struct Speakers([usize; MOST]);

impl Speakers {
    pub(crate) fn add(&mut self, dialect: Dialect) {
        if let Some(speakers) = self.0.get_mut(dialect.0) {
            *speakers += 1;
        }
    }

    pub(crate) fn remove(&mut self, dialect: Dialect) {
        if let Some(speakers) = self.0.get_mut(dialect.0) {
            *speakers = speakers.saturating_sub(1);
        }
    }

    pub(crate) fn are_there(&self, dialect: Dialect) -> bool {
        self.0.get(dialect.0).is_some_and(|speakers| *speakers > 0)
    }
}

/// One of something for each dialect.
#[derive(Default)]
pub(crate) struct Each<T>([Option<T>; MOST]);

impl<T: Clone> Each<T> {
    pub(crate) fn get(&mut self, dialect: Dialect, make: impl FnOnce() -> T) -> T {
        match self.0.get_mut(dialect.0) {
            Some(one) => one.get_or_insert_with(make).clone(),
            None => make(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_frame_is_written_once_for_each_dialect() {
        let written = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&written);
        let frame = Frame::new(move |dialect| {
            counted.fetch_add(1, Ordering::Relaxed);
            Bytes::from(format!("{dialect:?}"))
        });
        let (one, other) = (Dialect::new(0), Dialect::new(5));
        let said = |dialect| frame.said(dialect, Seq::ZERO);
        assert_ne!(said(one), said(other));
        assert_eq!(frame.clone().said(one, Seq::MAX), said(one));
        assert_eq!(written.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn whose_history_begins_later_is_told_something_else() {
        let seq = |number| Seq::new(number).unwrap();
        let frame = Frame::reaching(seq(5), |_, floor| Bytes::from(format!("after {floor}")));
        let said = |floor| frame.said(Dialect::default(), seq(floor));
        assert_eq!(said(0), "after 0");
        assert_eq!(said(4), "after 0");
        assert_eq!(said(5), "after 5");
        assert_eq!(said(9), "after 9");
    }
}
