//! Free-form documents that users keep about themselves.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use async_trait::async_trait;
use domain::port::Profiles;
use domain::{Failure, ProfileDocument, UserId};

use crate::lock::lock;

/// Keeps documents for the life of the process.
#[derive(Default)]
pub struct MemoryProfiles {
    documents: Mutex<HashMap<UserId, ProfileDocument>>,
}

#[async_trait]
impl Profiles for MemoryProfiles {
    async fn find(&self, users: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure> {
        let asked: HashSet<UserId> = users.iter().copied().collect();
        let documents = lock(&self.documents);
        let known = |user| Some((user, documents.get(&user)?.clone()));
        Ok(asked.into_iter().filter_map(known).collect())
    }

    async fn put(&self, user: UserId, document: &ProfileDocument) -> Result<(), Failure> {
        lock(&self.documents).insert(user, document.clone());
        Ok(())
    }

    async fn erase(&self, user: UserId) -> Result<(), Failure> {
        lock(&self.documents).remove(&user);
        Ok(())
    }
}
