//! A profile store that is unavailable.

use async_trait::async_trait;
use domain::port::Profiles;
use domain::{Failure, ProfileDocument, UserId};

/// Fails every call.
pub(crate) struct ProfilesAway;

fn away() -> Failure {
    Failure::passing("profiles", "answer", "connection refused")
}

#[async_trait]
impl Profiles for ProfilesAway {
    async fn find(&self, _: &[UserId]) -> Result<Vec<(UserId, ProfileDocument)>, Failure> {
        Err(away())
    }

    async fn put(&self, _: UserId, _: &ProfileDocument) -> Result<(), Failure> {
        Err(away())
    }

    async fn erase(&self, _: UserId) -> Result<(), Failure> {
        Err(away())
    }
}
