//! What follows from several settings together.

use std::path::PathBuf;

use super::tree::Settings;
use super::value::{MediaPlace, Store};

impl Settings {
    /// Where users, rooms and messages are stored.
    pub fn store(&self) -> Store {
        Store::chosen(
            self.storage.memory,
            self.database.url.as_ref(),
            &self.data_dir,
        )
    }

    /// The file for sessions and profiles, if neither MongoDB nor the store keeps them.
    pub fn sessions_file(&self) -> PathBuf {
        self.data_dir.join("sessions.db")
    }

    /// Where uploaded files are stored.
    pub fn media_place(&self) -> MediaPlace {
        match (&self.s3.url, &self.media.folder) {
            (Some(url), _) => MediaPlace::Bucket(url.clone()),
            (None, Some(folder)) => MediaPlace::Folder(folder.clone()),
            (None, None) if self.storage.memory => MediaPlace::Memory,
            (None, None) => MediaPlace::Folder(self.data_dir.join("media")),
        }
    }

    /// Whether a model makes summaries.
    pub const fn has_model(&self) -> bool {
        self.openai.api_key.is_some() || self.openai.base_url.is_some()
    }

    /// Whether this server generates a key for Web Push if none is set.
    pub fn makes_push_key(&self) -> bool {
        let may_be_one_of_many = matches!(self.store(), Store::Postgres(_)) && !self.is_alone();
        !self.profile.is_strict() && !may_be_one_of_many
    }

    /// Whether this node gets no notices from others, or keeps its sessions for itself: then no
    /// other node may use the same store.
    pub const fn is_alone(&self) -> bool {
        self.redis.url.is_none() || self.mongodb.url.is_none()
    }
}
