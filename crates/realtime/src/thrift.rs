//! Gives back memory that collections no longer need after a crowd has left.

use std::collections::HashMap;
use std::hash::Hash;

/// Smaller capacities are not worth shrinking.
const LITTLE: usize = 256;
/// A collection is shrunk when less than one slot in this many is used.
const SPARE: usize = 8;

pub(crate) fn trim_map<K: Eq + Hash, V>(map: &mut HashMap<K, V>) {
    if is_wasteful(map.len(), map.capacity()) {
        map.shrink_to(map.len() * 2);
    }
}

pub(crate) fn trim_list<T>(list: &mut Vec<T>) {
    if is_wasteful(list.len(), list.capacity()) {
        list.shrink_to(list.len() * 2);
    }
}

const fn is_wasteful(len: usize, capacity: usize) -> bool {
    capacity > LITTLE && capacity / SPARE > len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mostly_empty_shrinks() {
        let mut map: HashMap<i32, i32> = (0..10_000).map(|i| (i, i)).collect();
        let mut list: Vec<i32> = (0..10_000).collect();
        map.retain(|i, _| *i < 100);
        list.truncate(100);
        trim_map(&mut map);
        trim_list(&mut list);
        assert!(map.capacity() < 1_000 && list.capacity() < 1_000);
        assert_eq!((map.len(), list.len()), (100, 100));
    }

    #[test]
    fn what_is_well_used_or_small_stays() {
        let mut list = Vec::with_capacity(LITTLE);
        list.push(1);
        trim_list(&mut list);
        assert!(list.capacity() >= LITTLE);
        let mut list: Vec<i32> = Vec::with_capacity(10_000);
        list.extend(0..5_000);
        trim_list(&mut list);
        assert!(list.capacity() >= 10_000);
    }
}
