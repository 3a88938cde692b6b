//! Positions in a room's log.

use std::fmt::{self, Display};

use super::text::{TextError, bounded};

macro_rules! place {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// Below 2^53, so that every client, JavaScript included, can represent it exactly.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(i64);

        impl $name {
            /// The position before the first.
            pub const ZERO: Self = Self(0);
            /// The largest possible value.
            pub const MAX: Self = Self((1 << 53) - 1);

            /// Accepts a number from 0 to 2^53 - 1.
            pub const fn new(number: i64) -> Option<Self> {
                if number >= 0 && number <= Self::MAX.0 { Some(Self(number)) } else { None }
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// The next value.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }

            /// How many values lie after `earlier`, up to and including this one; 0 if there are none.
            pub const fn after(self, earlier: Self) -> i64 {
                let span = self.0.saturating_sub(earlier.0);
                if span > 0 { span } else { 0 }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Display::fmt(&self.0, f)
            }
        }
    )*};
}

place! {
    /// A message's sequence number in its room: 1, 2, 3 … without gaps, never reused.
    Seq;
    /// A room's revision, which counts its durable changes: 1, 2, 3 … without gaps.
    Rev;
}

/// Identifies the incarnation of a store. It changes only when the store is restored from a backup; a
/// client that sees a different epoch must discard the revs that it kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(String);

impl Epoch {
    /// Parses an epoch.
    pub fn parse(raw: impl AsRef<str>) -> Result<Self, TextError> {
        bounded(raw.as_ref(), 1, 64).map(Self)
    }

    /// The epoch.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_where_every_client_can_hold_them() {
        assert_eq!(Seq::new(-1), None);
        assert_eq!(Seq::new(9_007_199_254_740_992), None);
        assert_eq!(Seq::new(9_007_199_254_740_991), Some(Seq::MAX));
    }

    #[test]
    fn distance_is_never_negative() {
        let (two, five) = (Seq::new(2).unwrap(), Seq::new(5).unwrap());
        assert_eq!(five.after(two), 3);
        assert_eq!(two.after(five), 0);
    }
}
