//! Edits of values that may be absent.

/// What to make of a value that may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes absent.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Edit<T> {
    /// What the value becomes.
    pub fn apply(self, now: Option<T>) -> Option<T> {
        match self {
            Self::Keep => now,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T: PartialEq> Edit<T> {
    /// Keeps a value that already is as wanted.
    #[must_use]
    pub fn unless_already(self, now: Option<&T>) -> Self {
        let already = match &self {
            Self::Keep => true,
            Self::Clear => now.is_none(),
            Self::Set(value) => now == Some(value),
        };
        if already { Self::Keep } else { self }
    }
}

impl<T, E> Edit<Result<T, E>> {
    /// The edit, if what it sets is valid.
    pub fn transpose(self) -> Result<Edit<T>, E> {
        Ok(match self {
            Self::Keep => Edit::Keep,
            Self::Clear => Edit::Clear,
            Self::Set(value) => Edit::Set(value?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_keeps_clears_or_sets() {
        for now in [None, Some(1)] {
            assert_eq!(Edit::Keep.apply(now), now);
            assert_eq!(Edit::Clear.apply(now), None);
            assert_eq!(Edit::Set(2).apply(now), Some(2));
        }
    }

    #[test]
    fn what_already_is_so_is_kept() {
        assert_eq!(Edit::Keep.unless_already(Some(&1)), Edit::Keep);
        assert_eq!(Edit::Clear.unless_already(Some(&1)), Edit::Clear);
        assert_eq!(Edit::<u8>::Clear.unless_already(None), Edit::Keep);
        assert_eq!(Edit::Set(1).unless_already(None), Edit::Set(1));
        assert_eq!(Edit::Set(1).unless_already(Some(&2)), Edit::Set(1));
        assert_eq!(Edit::Set(1).unless_already(Some(&1)), Edit::Keep);
    }

    #[test]
    fn only_what_is_set_can_be_invalid() {
        assert_eq!(Edit::<Result<u8, ()>>::Keep.transpose(), Ok(Edit::Keep));
        assert_eq!(Edit::<Result<u8, ()>>::Clear.transpose(), Ok(Edit::Clear));
        assert_eq!(Edit::Set(Ok::<u8, ()>(1)).transpose(), Ok(Edit::Set(1)));
        assert_eq!(Edit::Set(Err::<u8, ()>(())).transpose(), Err(()));
    }
}
