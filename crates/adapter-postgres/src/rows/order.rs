//! Putting what was found into the order in which it was asked for.

use std::collections::BTreeMap;

/// One thing for each id that was found; an id that was asked for twice is answered twice.
pub(crate) fn in_order<I: Ord + Copy, T: Clone>(
    ids: &[I],
    found: Vec<T>,
    id_of: impl Fn(&T) -> I,
) -> Vec<T> {
    let found: BTreeMap<I, T> = found
        .into_iter()
        .map(|thing| (id_of(&thing), thing))
        .collect();
    ids.iter().filter_map(|id| found.get(id).cloned()).collect()
}

/// A limit as a statement takes it.
pub(crate) fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
