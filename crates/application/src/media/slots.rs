//! Limiting concurrent uploads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Failure, UserId};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::lock::lock;

/// How a failure to get a slot is reported.
const PORT: &str = "uploads";
const ACTION: &str = "start another upload";

/// How long an upload waits for a slot.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many uploads of one user may wait for a slot. A message has fewer attachments.
const WAITING: usize = 16;

/// Slots for uploads in progress. Each user may hold only some of them, so that slow or stalled
/// uploads of one user do not block others.
pub(super) struct UploadSlots {
    all: Arc<Semaphore>,
    each: usize,
    users: Arc<Mutex<Users>>,
}

/// The users who are uploading something.
type Users = HashMap<UserId, OfUser>;

struct OfUser {
    slots: Arc<Semaphore>,
    /// How many uploads hold a slot or wait for one.
    uploads: usize,
}

/// One slot, held until it is dropped.
pub(super) struct UploadSlot {
    _one_of_all: OwnedSemaphorePermit,
    _one_of_user: OwnedSemaphorePermit,
    _upload: Upload,
}

/// An upload that holds a slot or waits for one.
struct Upload {
    user: UserId,
    users: Arc<Mutex<Users>>,
}

impl UploadSlots {
    /// A pool of `count` slots, a quarter of which one user may hold.
    pub(super) fn new(count: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(count)),
            each: count.div_ceil(4),
            users: Arc::default(),
        }
    }

    /// Takes a slot, and waits for one if none is free.
    pub(super) async fn take(&self, user: UserId) -> Result<UploadSlot, Failure> {
        let (upload, slots) = self.queue(user)?;
        let permits = async {
            let of_user = slots.acquire_owned().await?;
            Ok((of_user, Arc::clone(&self.all).acquire_owned().await?))
        };
        let (one_of_user, one_of_all) = timeout(PATIENCE, permits)
            .await
            .map_err(|_elapsed| full("no upload slot became free in time"))?
            .map_err(|closed: AcquireError| Failure::lasting(PORT, ACTION, closed))?;
        Ok(UploadSlot {
            _one_of_all: one_of_all,
            _one_of_user: one_of_user,
            _upload: upload,
        })
    }

    fn queue(&self, user: UserId) -> Result<(Upload, Arc<Semaphore>), Failure> {
        let mut users = lock(&self.users);
        let of_user = users.entry(user).or_insert_with(|| OfUser {
            slots: Arc::new(Semaphore::new(self.each)),
            uploads: 0,
        });
        if of_user.uploads >= self.each + WAITING {
            return Err(full("the user has too many uploads in progress"));
        }
        of_user.uploads += 1;
        let upload = Upload {
            user,
            users: Arc::clone(&self.users),
        };
        Ok((upload, Arc::clone(&of_user.slots)))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Entry::Occupied(mut of_user) = lock(&self.users).entry(self.user) {
            of_user.get_mut().uploads -= 1;
            if of_user.get().uploads == 0 {
                of_user.remove();
            }
        }
    }
}

fn full(why: &'static str) -> Failure {
    Failure::overloaded(PORT, ACTION, why)
}

#[cfg(test)]
mod tests {
    use domain::Retry;
    use futures::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn nobody_has_more_than_a_quarter() {
        let slots = UploadSlots::new(8);
        let first = slots.take(user(1)).await.unwrap();
        let second = slots.take(user(1)).await.unwrap();
        let mut third = Box::pin(slots.take(user(1)));
        assert!((&mut third).now_or_never().is_none());
        for other in 2..8 {
            drop(slots.take(user(other)).await.unwrap());
        }
        drop(first);
        let third = third.await.unwrap();
        drop((second, third));
        assert!(lock(&slots.users).is_empty());
        assert_eq!(slots.all.available_permits(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_in_vain_is_told_to_come_back() {
        let slots = UploadSlots::new(1);
        let slot = slots.take(user(1)).await.unwrap();
        let refused = slots.take(user(2)).await.err().unwrap();
        assert_eq!(refused.retry, Retry::Shortly);
        drop(slot);
        drop(slots.take(user(2)).await.unwrap());
        assert!(lock(&slots.users).is_empty());
    }

    #[tokio::test]
    async fn only_so_many_of_one_user_wait() {
        let slots = UploadSlots::new(4);
        let _slot = slots.take(user(1)).await.unwrap();
        let mut waiting: Vec<_> = (0..WAITING)
            .map(|_| Box::pin(slots.take(user(1))))
            .collect();
        for upload in &mut waiting {
            assert!(upload.now_or_never().is_none());
        }
        assert!(slots.take(user(1)).await.is_err());
        drop(slots.take(user(2)).await.unwrap());
    }
}
