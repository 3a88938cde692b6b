//! Inspecting uploads.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use domain::port::blobs::{BlobKey, ByteStream, Part};
use domain::port::bus::{MessageChange, Notice, RoomChange};
use domain::port::jobs::Verdict;
use domain::port::media::Findings;
use domain::port::pictures::{Look, Picture};
use domain::port::users::ProfileChange;
use domain::port::{Blobs, MediaStore, Pictures, Users};
use domain::{
    Edit, Event, Failure, Happening, Media, MediaId, MediaStatus, Message, PictureFormat, Retry,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::Ports;
use crate::announce::Announcer;
use crate::jobs::Worker;

const READY: Findings = Findings {
    status: MediaStatus::Ready,
    dimensions: None,
    thumbnail: false,
};

const REJECTED: Findings = Findings {
    status: MediaStatus::Rejected,
    dimensions: None,
    thumbnail: false,
};

/// Checks whether an upload is fit to show, and makes its thumbnail.
pub struct LookAtUpload {
    media: Arc<dyn MediaStore>,
    users: Arc<dyn Users>,
    blobs: Arc<dyn Blobs>,
    pictures: Arc<dyn Pictures>,
    announcer: Announcer,
}

impl LookAtUpload {
    /// An inspector over these ports.
    pub fn new(ports: &Ports) -> Self {
        Self {
            media: Arc::clone(&ports.media),
            users: Arc::clone(&ports.users),
            blobs: Arc::clone(&ports.blobs),
            pictures: Arc::clone(&ports.pictures),
            announcer: Announcer::new(&ports.bus),
        }
    }

    /// Inspects an upload, stores the findings and publishes them. Repeating it changes nothing.
    #[tracing::instrument(skip_all, name = "look")]
    pub async fn run(&self, id: MediaId) -> Result<(), Failure> {
        let Some(media) = self.media.find(&[id]).await?.pop() else {
            return Ok(());
        };
        if media.status != MediaStatus::Processing {
            return Ok(());
        }
        let findings = match PictureFormat::named(&media.content_type) {
            Some(format) => self.findings(&media, format).await?,
            None => READY,
        };
        if findings.status == MediaStatus::Rejected {
            // Before the findings are stored: if the node dies in between, the next attempt finds
            // no file and rejects it as well.
            self.blobs.remove(key(id, Part::Original)).await?;
            self.take_off(&media).await?;
        }
        metrics::counter!("tertulia_media_looked_at_total", "status" => word(findings.status))
            .increment(1);
        if let Some((media, bearer)) = self.media.conclude(id, &findings).await? {
            self.tell(media, bearer).await;
        }
        Ok(())
    }

    async fn findings(&self, media: &Media, format: PictureFormat) -> Result<Findings, Failure> {
        let size = u64::try_from(media.size).unwrap_or(0);
        let Some(bytes) = self
            .blobs
            .get(key(media.id, Part::Original), 0..size)
            .await?
        else {
            return Ok(REJECTED);
        };
        match self.pictures.look(format, gathered(bytes).await?).await? {
            Look::Fit(Picture {
                dimensions,
                thumbnail,
            }) => {
                let small = stream::once(async { Ok(thumbnail) }).boxed();
                let small_key = key(media.id, Part::Thumbnail);
                self.blobs.put(small_key, small, u64::MAX).await?;
                Ok(Findings {
                    dimensions: Some(dimensions),
                    thumbnail: true,
                    ..READY
                })
            }
            Look::Unfit(why) => {
                tracing::info!(media = %media.id, owner = %media.owner, why, "rejected a picture");
                Ok(REJECTED)
            }
        }
    }

    /// Clears the owner's avatar if it is this picture, as it cannot be shown.
    async fn take_off(&self, media: &Media) -> Result<(), Failure> {
        let owner = self.users.find(&[media.owner]).await?.pop();
        if owner.is_none_or(|user| user.avatar != Some(media.id)) {
            return Ok(());
        }
        let none = ProfileChange {
            avatar: Edit::Clear,
            ..ProfileChange::default()
        };
        self.users.change_profile(media.owner, &none).await?;
        Ok(())
    }

    async fn tell(&self, media: Media, bearer: Option<Message>) {
        self.announcer.tell(Notice::Media(Box::new(media))).await;
        if let Some(message) = bearer {
            let room = message.room;
            let change = RoomChange::Message(Box::new(message), MessageChange::Updated);
            self.announcer.changed(room, vec![change]).await;
        }
    }
}

#[async_trait]
impl Worker for LookAtUpload {
    async fn work(&self, event: &Event) -> Verdict {
        let Happening::MediaUploaded(id) = event.what else {
            return Verdict::Done;
        };
        match self.run(id).await {
            Ok(()) => Verdict::Done,
            Err(failure) => {
                tracing::warn!(media = %id, error = %failure.chain(), "upload inspection failed");
                match failure.retry {
                    Retry::Worthwhile | Retry::Shortly => Verdict::Retry,
                    Retry::Useless => Verdict::Dead,
                }
            }
        }
    }
}

const fn key(media: MediaId, part: Part) -> BlobKey {
    BlobKey { media, part }
}

const fn word(status: MediaStatus) -> &'static str {
    match status {
        MediaStatus::Processing => "processing",
        MediaStatus::Ready => "ready",
        MediaStatus::Rejected => "rejected",
    }
}

/// Decoding needs the whole picture in memory. It is no larger than an upload may be.
async fn gathered(mut bytes: ByteStream) -> Result<Bytes, Failure> {
    let mut whole = BytesMut::new();
    while let Some(piece) = bytes.try_next().await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
