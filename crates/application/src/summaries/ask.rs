//! What a member asks for.

use domain::Seq;
use domain::port::summariser::Style;

/// From where on to summarise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From the read cursor.
    Read,
    /// From when the member joined.
    Join,
    /// After a sequence number that the client already knows.
    Place(Seq),
}

/// A request for a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// From where on.
    pub since: Since,
    /// In which form.
    pub style: Style,
}
