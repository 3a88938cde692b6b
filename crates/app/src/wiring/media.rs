//! The stores for files, and the processing of pictures.

use std::sync::Arc;

use adapter_blob::BlobStore;
use adapter_memory::MemoryBlobs;
use adapter_pictures::SafePictures;
use anyhow::Context as _;
use application::MediaBounds;
use domain::port::{Blobs, Pictures, Probe};

use crate::settings::{Media, MediaPlace, Settings};

/// Files, behind their ports.
pub(super) struct Files {
    pub(super) blobs: Arc<dyn Blobs>,
    pub(super) pictures: Arc<dyn Pictures>,
    /// The health check, if there is a backend.
    pub(super) probe: Option<Arc<dyn Probe>>,
}

impl Files {
    /// Opens what was chosen.
    pub(super) fn open(settings: &Settings) -> anyhow::Result<Self> {
        let pictures = Arc::new(SafePictures::default());
        let Some(store) = store(settings)? else {
            return Ok(Self {
                blobs: Arc::new(MemoryBlobs::default()),
                pictures,
                probe: None,
            });
        };
        let store = Arc::new(store);
        Ok(Self {
            blobs: Arc::<BlobStore>::clone(&store),
            pictures,
            probe: Some(store),
        })
    }
}

/// Where files are stored, unless they are only in memory.
pub(crate) fn store(settings: &Settings) -> anyhow::Result<Option<BlobStore>> {
    match settings.media_place() {
        MediaPlace::Memory => Ok(None),
        MediaPlace::Folder(path) => BlobStore::in_folder(&path)
            .context("media.folder cannot be used")
            .map(Some),
        MediaPlace::Bucket(url) => BlobStore::in_bucket(url.expose())
            .context("S3_URL cannot be used")
            .map(Some),
    }
}

/// The limits for files.
pub(super) const fn bounds(media: &Media) -> MediaBounds {
    MediaBounds {
        largest: media.max_bytes,
        quota: media.quota_bytes,
        at_once: media.at_once,
        kept_loose: media.kept_loose,
    }
}
