//! The same content, encoded for each kind of listener.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::Seq;

/// The number of dialects.
const MOST: usize = 6;

/// Which encoding of a frame a listener understands. Here dialects are mere numbers: what they mean is
/// up to the callers that hand frames to the hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dialect(usize);

impl Dialect {
    /// The dialect with this number, from 0 to 5.
    ///
    /// # Panics
    ///
    /// If there is no such dialect; in a constant that is a compile error.
    pub const fn new(number: usize) -> Self {
        assert!(number < MOST, "there are only six dialects");
        Self(number)
    }
}

/// A frame in the dialect of each of its listeners, encoded at most once for each dialect. Where the
/// encoding is empty, nothing is sent.
#[derive(Clone)]
pub struct Frame(Arc<Said>);

struct Said {
    write: Box<dyn Fn(Dialect, Seq) -> Bytes + Send + Sync>,
    /// Listeners whose floor is before this all get the same form.
    common: Seq,
    forms: Forms,
}

impl Frame {
    /// A frame that depends on the dialect only.
    pub fn new(write: impl Fn(Dialect) -> Bytes + Send + Sync + 'static) -> Self {
        Self::reaching(Seq::MAX, move |dialect, _| write(dialect))
    }

    /// A frame that also depends on the floor, at or before which a listener may read nothing. All
    /// listeners whose floor is before `common` get the same form.
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

    /// The frame for a listener that may read nothing at or before `floor`.
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

/// The encoded form for each dialect.
#[derive(Default)]
pub(crate) struct Forms([OnceLock<Bytes>; MOST]);

impl Forms {
    pub(crate) fn get(&self, dialect: Dialect, write: impl FnOnce() -> Bytes) -> Bytes {
        match self.0.get(dialect.0) {
            Some(form) => form.get_or_init(write).clone(),
            // Unreachable: there is no dialect with such a number.
            None => write(),
        }
    }
}

/// How many listeners use each dialect.
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

/// One value for each dialect.
pub(crate) struct Each<T>([Option<T>; MOST]);

impl<T> Default for Each<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| None))
    }
}

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
