//! Removing blobs that have no record.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::port::blobs::{BlobKey, Part};
use domain::port::{Blobs, MediaStore, Upkeep};
use domain::{Failure, MediaId, Timestamp};

use crate::Ports;
use crate::lock::lock;

/// How many uploads one step checks: a query to each of the two stores.
const PAGE: usize = 500;
/// Younger uploads may still be in progress: an upload takes an hour at most, and clocks differ by
/// less than the rest.
const SETTLED: Duration = Duration::from_hours(24);
/// How long to pause after a full pass.
const REST: Duration = Duration::from_hours(1);

/// Removes blobs of uploads that have no record: a node died after storing the file and before
/// recording it, or while storing it.
///
/// It goes through all files, a page at a time, and starts over after a pause.
pub struct ClearStrays {
    media: Arc<dyn MediaStore>,
    blobs: Arc<dyn Blobs>,
    walk: Mutex<Walk>,
}

/// How far the current pass has come.
#[derive(Clone, Copy, Default)]
struct Walk {
    after: Option<MediaId>,
    rests_until: Option<Timestamp>,
}

impl ClearStrays {
    /// An upkeep task over these ports.
    pub fn new(ports: &Ports) -> Self {
        Self {
            media: Arc::clone(&ports.media),
            blobs: Arc::clone(&ports.blobs),
            walk: Mutex::default(),
        }
    }

    async fn strays(&self, page: &[MediaId], now: Timestamp) -> Result<Vec<MediaId>, Failure> {
        let before = now - SETTLED;
        let settled: Vec<MediaId> = page
            .iter()
            .copied()
            .filter(|id| made_at(*id) < before)
            .collect();
        let known = self.media.find(&settled).await?;
        let known: HashSet<MediaId> = known.into_iter().map(|media| media.id).collect();
        Ok(settled
            .into_iter()
            .filter(|id| !known.contains(id))
            .collect())
    }
}

#[async_trait]
impl Upkeep for ClearStrays {
    /// Files of a deleted room may go before their records, which are about to be removed as well.
    async fn clear(&self, now: Timestamp, limit: usize) -> Result<usize, Failure> {
        let walk = *lock(&self.walk);
        // A clock that was set back must not prolong the pause.
        let rests = |until: Timestamp| now < until && until <= now + REST;
        if walk.rests_until.is_some_and(rests) {
            return Ok(0);
        }
        let limit = limit.clamp(1, PAGE);
        let page = self.blobs.kept(walk.after, limit).await?;
        let strays = self.strays(&page, now).await?;
        for media in &strays {
            for part in [Part::Original, Part::Thumbnail] {
                let key = BlobKey {
                    media: *media,
                    part,
                };
                self.blobs.remove(key).await?;
            }
            tracing::info!(%media, "removed the blobs of an upload without a record");
        }
        *lock(&self.walk) = if page.len() < limit {
            Walk {
                after: None,
                rests_until: Some(now + REST),
            }
        } else {
            Walk {
                after: page.last().copied(),
                rests_until: None,
            }
        };
        Ok(strays.len())
    }
}

/// When an upload began: its id starts with that time.
fn made_at(id: MediaId) -> Timestamp {
    let millis = id.as_uuid().as_u128() >> 80;
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use domain::port::IdsExt as _;
    use domain::port::media::FileDigest;
    use domain::{FileName, Media, MediaStatus};
    use futures::{StreamExt as _, stream};

    use super::*;
    use crate::testing::World;

    async fn stored(world: &World) -> MediaId {
        let media = world.ports.ids.next();
        let bytes = stream::iter([Ok(Bytes::from_static(b"something"))]).boxed();
        let part = Part::Original;
        let put = world
            .ports
            .blobs
            .put(BlobKey { media, part }, bytes, 100)
            .await;
        put.unwrap();
        media
    }

    async fn known(world: &World) -> MediaId {
        let media = Media {
            id: stored(world).await,
            room: None,
            owner: world.user_of_crowd("ana").await.user,
            file_name: FileName::parse("me.png").unwrap(),
            content_type: "image/png".to_owned(),
            size: 9,
            dimensions: None,
            thumbnail: false,
            status: MediaStatus::Processing,
            created_at: world.now(),
        };
        let store = &world.ports.media;
        let created = store.create(&media, FileDigest([0; 32]), &[]).await;
        created.unwrap();
        media.id
    }

    async fn left(world: &World) -> Vec<MediaId> {
        world.ports.blobs.kept(None, 100).await.unwrap()
    }

    #[tokio::test]
    async fn what_nothing_is_known_of_goes_once_it_is_old() {
        let world = World::new();
        let clear = ClearStrays::new(&world.ports);
        let known = known(&world).await;
        stored(&world).await;
        // Young uploads are spared.
        assert_eq!(clear.clear(world.now(), 100).await.unwrap(), 0);
        assert_eq!(left(&world).await.len(), 2);

        world.pass(SETTLED + Duration::from_secs(1));
        assert_eq!(clear.clear(world.now(), 100).await.unwrap(), 1);
        assert_eq!(left(&world).await, [known]);
    }

    #[tokio::test]
    async fn all_is_gone_through_a_page_at_a_time_and_then_rested() {
        let world = World::new();
        let clear = ClearStrays::new(&world.ports);
        for _ in 0..5 {
            stored(&world).await;
        }
        world.pass(SETTLED + Duration::from_secs(1));
        for expected in [2, 2, 1, 0] {
            assert_eq!(clear.clear(world.now(), 2).await.unwrap(), expected);
        }
        stored(&world).await;
        world.pass(REST.saturating_sub(Duration::from_secs(1)));
        assert_eq!(clear.clear(world.now(), 2).await.unwrap(), 0);
        world.pass(SETTLED);
        assert_eq!(clear.clear(world.now(), 2).await.unwrap(), 1);
        assert_eq!(left(&world).await, []);
    }
}
