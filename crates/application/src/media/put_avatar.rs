//! Setting one's own picture.

use std::sync::Arc;

use domain::port::blobs::ByteStream;
use domain::{Edit, FileName};

use super::upload_media::{NewUpload, UploadMedia};
use crate::people::{ChangeProfile, NewProfile};
use crate::{Caller, Error, Person};

/// Uploads a picture and makes it the avatar, in one step.
pub struct PutAvatar {
    upload: Arc<UploadMedia>,
    change: Arc<ChangeProfile>,
}

impl PutAvatar {
    pub(crate) fn new(upload: &Arc<UploadMedia>, change: &Arc<ChangeProfile>) -> Self {
        Self {
            upload: Arc::clone(upload),
            change: Arc::clone(change),
        }
    }

    /// Makes the picture the caller's avatar, replacing the previous one.
    #[tracing::instrument(skip_all, name = "put_avatar")]
    pub async fn run(
        &self,
        caller: &Caller,
        file_name: FileName,
        bytes: ByteStream,
    ) -> Result<Person, Error> {
        let new = NewUpload {
            room: None,
            file_name,
            bytes,
        };
        let media = self.upload.run(caller, new).await?;
        let profile = NewProfile {
            avatar: Edit::Set(media.id),
            ..NewProfile::default()
        };
        self.change.run(caller, profile).await
    }
}
