//! Work on a connection.

use crate::failure::Broken;
use crate::prelude::*;

/// An async closure over a connection.
///
/// It is `Copy`, so it holds only references and can be repeated. The supertraits state that its future
/// is `Send`, which `AsyncFnOnce` alone cannot.
pub(crate) trait Work<T>:
    for<'c> AsyncFnOnce(&'c mut AsyncPgConnection) -> Result<T, Broken>
    + for<'c> SentWork<&'c mut AsyncPgConnection, Result<T, Broken>, Done: Send>
    + Copy
    + Send
{
}

impl<T, W> Work<T> for W where
    W: for<'c> AsyncFnOnce(&'c mut AsyncPgConnection) -> Result<T, Broken>
        + for<'c> SentWork<&'c mut AsyncPgConnection, Result<T, Broken>, Done: Send>
        + Copy
        + Send
{
}

/// Names the future of an async closure.
pub(crate) trait SentWork<C, R>: FnOnce(C) -> <Self as SentWork<C, R>>::Done {
    /// The future.
    type Done: Future<Output = R>;
}

impl<W, C, R, F> SentWork<C, R> for W
where
    W: FnOnce(C) -> F,
    F: Future<Output = R>,
{
    type Done = F;
}
