//! Surface features of a sentence, recognised without understanding it.

use std::ops::BitOr;

/// A single feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It settles something.
    Decision,
    /// It gives or takes on a task.
    Task,
    /// Something went wrong, was found or changed.
    Outcome,
    /// It says when.
    Time,
    /// It contains a figure.
    Figure,
    /// It contains a link.
    Link,
    /// It is a question.
    Question,
    /// It only agrees or disagrees.
    Yes,
    /// It is only small talk.
    Chatter,
}

impl Sign {
    /// Signs of a text that conveys something.
    pub(crate) const TELLING: [Self; 6] = [
        Self::Decision,
        Self::Task,
        Self::Outcome,
        Self::Time,
        Self::Figure,
        Self::Link,
    ];
}

/// A set of signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u16);

impl Signs {
    pub(crate) fn of(signs: impl IntoIterator<Item = Sign>) -> Self {
        signs
            .into_iter()
            .fold(Self::default(), |all, sign| all | Self(bit(sign)))
    }

    pub(crate) fn add(&mut self, sign: Sign) {
        self.0 |= bit(sign);
    }

    pub(crate) const fn has(self, sign: Sign) -> bool {
        self.0 & bit(sign) != 0
    }

    pub(crate) fn has_any(self, signs: &[Sign]) -> bool {
        signs.iter().any(|sign| self.has(*sign))
    }
}

const fn bit(sign: Sign) -> u16 {
    match sign {
        Sign::Decision => 1,
        Sign::Task => 1 << 1,
        Sign::Outcome => 1 << 2,
        Sign::Time => 1 << 3,
        Sign::Figure => 1 << 4,
        Sign::Link => 1 << 5,
        Sign::Question => 1 << 6,
        Sign::Yes => 1 << 7,
        Sign::Chatter => 1 << 8,
    }
}

impl BitOr for Signs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
