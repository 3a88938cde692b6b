//! A fraction.

use std::str::FromStr;

/// From 0, nothing, to 1, everything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(f64);

impl Share {
    /// The fraction, between 0 and 1.
    pub const fn of_one(self) -> f64 {
        self.0
    }
}

impl FromStr for Share {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let share = text.trim().parse().ok();
        share
            .filter(|share| (0.0..=1.0).contains(share))
            .map(Self)
            .ok_or("must be a number from 0 to 1, like 0.1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_from_nothing_to_everything() {
        for (text, share) in [("0", 0.0), (" 0.25 ", 0.25), ("1", 1.0), ("1.0", 1.0)] {
            assert_eq!(text.parse(), Ok(Share(share)), "{text}");
        }
        for text in ["", "1.5", "-0.1", "10%", "NaN", "inf"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
