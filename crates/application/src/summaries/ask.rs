//! What is asked for.

use domain::Seq;
use domain::port::summariser::Style;

/// Since when somebody wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Since they last read.
    Read,
    /// Since they joined.
    Join,
    /// Since a place, which they know already.
    Place(Seq),
}

/// A question for a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Since when.
    pub since: Since,
    /// In which form.
    pub style: Style,
}
