//! Files.

use bytes::Bytes;
use protocol::shape::Media;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use uuid::Uuid;

use super::Account;
use crate::Error;
use crate::call::{Call, path};

/// A file to upload.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name. The server detects its type from the content.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

impl Upload {
    /// A file with this name and content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
        }
    }

    pub(super) fn call(self, path: Vec<String>) -> Call {
        Call::upload(path, self.name, self.bytes)
    }
}

/// A file that is being downloaded in chunks.
#[derive(Debug)]
pub struct Download(Response);

impl Download {
    /// Its content type, as detected by the server.
    pub fn content_type(&self) -> Option<&str> {
        self.0.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Its size in bytes, if known.
    pub fn length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// The next chunk; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = self.0.chunk().await;
        piece.map_err(|source| Error::Unreachable(source.without_url().into()))
    }
}

impl Account {
    /// Uploads a file to a room, for attaching to a message there; without a room, a profile
    /// picture.
    pub async fn upload(&self, room: Option<Uuid>, file: Upload) -> Result<Media, Error> {
        self.ask(file.call(path([&"media"])).about("roomId", room))
            .await
    }

    /// Downloads a file.
    pub async fn download(&self, media: Uuid) -> Result<Download, Error> {
        let call = Call::get(path([&"media", &media])).accepting("*/*");
        self.answer(call).await.map(Download)
    }

    /// Downloads a file's thumbnail.
    pub async fn thumbnail(&self, media: Uuid) -> Result<Download, Error> {
        let call = Call::get(path([&"media", &media, &"thumbnail"])).accepting("*/*");
        self.answer(call).await.map(Download)
    }
}
