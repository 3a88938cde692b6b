//! The port `Pictures`.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use domain::port::Pictures;
use domain::port::blobs::ByteStream;
use domain::port::pictures::{Look, Picture};
use domain::{Failure, PictureFormat};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::clean;
use crate::look::{look, points};

/// The pixels per permit. Shrinking takes about eight bytes per pixel, so all permits together stand
/// for half a gigabyte at the very worst.
const POINTS: u64 = 1_000_000;
/// The permits in total: for one picture of the largest size, or a few of the usual ones.
const PERMITS: u32 = 64;
/// The fewest permits that a picture takes, so that not too many are open at once.
const LEAST: u32 = 16;

/// Opens pictures, a bounded number at once.
pub struct SafePictures {
    permits: Arc<Semaphore>,
}

impl Default for SafePictures {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(usize::try_from(PERMITS).unwrap_or(1))),
        }
    }
}

#[async_trait]
impl Pictures for SafePictures {
    fn clean(&self, format: PictureFormat, bytes: ByteStream) -> ByteStream {
        clean::stream(format, bytes)
    }

    async fn look(&self, format: PictureFormat, bytes: Bytes) -> Result<Look, Failure> {
        let points = match points(format, &bytes) {
            Ok(points) if points <= Picture::MAX_POINTS => points,
            Ok(_) => return Ok(Look::Unfit("it has too many points")),
            Err(why) => return Ok(Look::Unfit(why)),
        };
        let needed = u32::try_from(points.div_ceil(POINTS)).unwrap_or(PERMITS);
        let needed = needed.clamp(LEAST, PERMITS);
        let permit = Arc::clone(&self.permits).acquire_many_owned(needed).await;
        let permit =
            permit.map_err(|closed| Failure::lasting("pictures", "open a picture", closed))?;
        let looking = spawn_blocking(move || {
            let look = look(format, &bytes);
            // Released together with the memory, even if the caller has gone.
            drop(permit);
            look
        });
        match looking.await {
            Ok(look) => Ok(look),
            // A retry would make the decoder panic again.
            Err(error) if error.is_panic() => Ok(Look::Unfit("it broke the decoder")),
            Err(error) => Err(Failure::passing("pictures", "open a picture", error)),
        }
    }
}
