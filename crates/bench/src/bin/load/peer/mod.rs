//! The peers that are part of this program.

mod bare;

pub(crate) use bare::serve;
