//! The same thing, said to each listener in its own way.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

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
    write: Box<dyn Fn(Dialect) -> Bytes + Send + Sync>,
    forms: Forms,
}

impl Frame {
    /// What is said like this in each dialect.
    pub fn new(write: impl Fn(Dialect) -> Bytes + Send + Sync + 'static) -> Self {
        Self(Arc::new(Said {
            write: Box::new(write),
            forms: Forms::default(),
        }))
    }

    pub(crate) fn said(&self, dialect: Dialect) -> Bytes {
        let Said { write, forms } = &*self.0;
        forms.get(dialect, || write(dialect))
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
        assert_ne!(frame.said(one), frame.said(other));
        assert_eq!(frame.clone().said(one), frame.said(one));
        assert_eq!(written.load(Ordering::Relaxed), 2);
    }
}
