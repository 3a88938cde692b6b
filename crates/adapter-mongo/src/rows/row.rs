//! What all stored documents have in common.

use mongodb::bson::{self, RawDocument};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Broken, Spot};

/// A document of one of the collections.
pub(crate) trait Row: Serialize + DeserializeOwned + Send + Sync + Unpin {
    /// The collection's name.
    const COLLECTION: &'static str;

    /// Reads a document, which another program may have written.
    fn read(raw: &RawDocument) -> Result<Self, Broken> {
        let read = bson::deserialize_from_slice(raw.as_bytes());
        let id = raw.get("_id").ok().flatten();
        let id = id.map_or_else(|| "no _id".to_owned(), |id| format!("{id:?}"));
        Spot::new(Self::COLLECTION, &id).whole(read)
    }
}
