//! Servers that this program itself can be.

mod bare;

pub(crate) use bare::serve;
