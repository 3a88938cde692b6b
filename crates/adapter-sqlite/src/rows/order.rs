//! Restoring the order in which ids were requested.

use std::collections::BTreeMap;

/// One result for each id that was found; an id requested twice is returned twice.
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

/// A limit as a statement parameter.
pub(crate) fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
