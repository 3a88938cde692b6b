//! Where the bytes of an upload are.

use domain::port::blobs::{BlobKey, Part};
use object_store::path::Path;

/// Names places in a store.
#[derive(Clone, Default)]
pub(crate) struct Places {
    prefix: Path,
}

impl Places {
    /// Places that begin with a prefix.
    pub(crate) fn within(prefix: &str) -> Self {
        Self {
            prefix: Path::from(prefix),
        }
    }

    /// The place of a key: a folder of those uploads whose ids begin alike, which are those of a few
    /// hours, so that no folder grows for ever; and in it a name that tells nothing but the id.
    pub(crate) fn of(&self, key: BlobKey) -> Path {
        let id = key.media.to_string();
        let hours: String = id.chars().take(6).collect();
        let kind = match key.part {
            Part::Original => "original",
            Part::Thumbnail => "thumbnail",
        };
        self.prefix.clone().join(hours).join(format!("{id}.{kind}"))
    }

    /// A place where nothing is ever kept.
    pub(crate) fn nowhere(&self) -> Path {
        self.prefix.clone().join("nothing")
    }
}

#[cfg(test)]
mod tests {
    use domain::MediaId;

    use super::*;

    #[test]
    fn a_place_is_a_folder_of_some_hours_and_the_id() {
        let media: MediaId = "0195b4a0-0000-7000-8000-000000000001".parse().unwrap();
        let place = |places: &Places, part| places.of(BlobKey { media, part }).to_string();
        assert_eq!(
            place(&Places::default(), Part::Original),
            "0195b4/0195b4a0-0000-7000-8000-000000000001.original"
        );
        assert_eq!(
            place(&Places::within("chat/media/"), Part::Thumbnail),
            "chat/media/0195b4/0195b4a0-0000-7000-8000-000000000001.thumbnail"
        );
    }
}
