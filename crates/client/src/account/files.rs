//! Files.

use bytes::Bytes;
use protocol::shape::Media;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use uuid::Uuid;

use super::Account;
use crate::Error;
use crate::call::{Call, path};

/// A file to bring.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What it is called. What it is, its bytes say.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Upload {
    /// A file of this name.
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

/// A file that comes in pieces.
#[derive(Debug)]
pub struct Download(Response);

impl Download {
    /// What it is, as the server says.
    pub fn content_type(&self) -> Option<&str> {
        self.0.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// How many bytes it has, if that is known.
    pub fn length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let piece = self.0.chunk().await;
        piece.map_err(|source| Error::Unreachable(source.without_url().into()))
    }
}

impl Account {
    /// Brings a file into a room, to hang it on a message there; without a room, a picture of oneself.
    pub async fn upload(&self, room: Option<Uuid>, file: Upload) -> Result<Media, Error> {
        self.ask(file.call(path([&"media"])).about("roomId", room))
            .await
    }

    /// A file.
    pub async fn download(&self, media: Uuid) -> Result<Download, Error> {
        let call = Call::get(path([&"media", &media])).accepting("*/*");
        self.answer(call).await.map(Download)
    }

    /// A small picture of a file.
    pub async fn thumbnail(&self, media: Uuid) -> Result<Download, Error> {
        let call = Call::get(path([&"media", &media, &"thumbnail"])).accepting("*/*");
        self.answer(call).await.map(Download)
    }
}
