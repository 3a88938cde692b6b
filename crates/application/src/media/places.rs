//! How many uploads come in at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Failure, UserId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places for uploads on their way in. Nobody has more than some of them: whoever sends slowly, or never
/// goes on, keeps others from nothing.
pub(super) struct Places {
    all: Arc<Semaphore>,
    each: usize,
    taken: Arc<Mutex<Taken>>,
}

/// By whom. Who has none is not in here.
type Taken = HashMap<UserId, usize>;

/// One of them, until it is dropped.
pub(super) struct Place {
    user: UserId,
    taken: Arc<Mutex<Taken>>,
    _one_of_all: OwnedSemaphorePermit,
}

impl Places {
    /// So many. A quarter of them is enough for one person.
    pub(super) fn new(count: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(count)),
            each: count.div_ceil(4),
            taken: Arc::default(),
        }
    }

    /// Takes one, if there is one left for this person.
    pub(super) fn take(&self, user: UserId) -> Result<Place, Failure> {
        let full = |why: &'static str| Failure::overloaded("uploads", "take in another", why);
        let one_of_all = Arc::clone(&self.all)
            .try_acquire_owned()
            .map_err(|_full| full("all places are taken"))?;
        let mut taken = lock(&self.taken);
        let of_user = taken.entry(user).or_default();
        if *of_user >= self.each {
            return Err(full("one person has as many places as there are for one"));
        }
        *of_user += 1;
        Ok(Place {
            user,
            taken: Arc::clone(&self.taken),
            _one_of_all: one_of_all,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Entry::Occupied(mut of_user) = lock(&self.taken).entry(self.user) {
            *of_user.get_mut() -= 1;
            if *of_user.get() == 0 {
                of_user.remove();
            }
        }
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    // Nothing in here is left half done by a panic.
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn nobody_has_more_than_a_quarter() {
        let places = Places::new(8);
        let mut ana: Vec<Place> = (0..2).map(|_| places.take(user(1)).unwrap()).collect();
        assert!(places.take(user(1)).is_err());
        let others: Vec<Place> = (2..8)
            .map(|other| places.take(user(other)).unwrap())
            .collect();
        assert!(places.take(user(9)).is_err());
        drop(others);
        assert!(places.take(user(1)).is_err());
        ana.pop();
        ana.push(places.take(user(1)).unwrap());
        drop(ana);
        assert!(lock(&places.taken).is_empty());
        assert_eq!(places.all.available_permits(), 8);
    }

    #[test]
    fn of_few_everybody_has_one() {
        let places = Places::new(1);
        let place = places.take(user(1)).unwrap();
        assert!(places.take(user(2)).is_err());
        drop(place);
        assert!(places.take(user(2)).is_ok());
    }
}
