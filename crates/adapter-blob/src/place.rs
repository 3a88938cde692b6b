//! Where the bytes of an upload are stored.

use domain::MediaId;
use domain::port::blobs::{BlobKey, Part};
use object_store::path::Path;

/// Maps keys to object names in a store.
#[derive(Clone, Default)]
pub(crate) struct Places {
    prefix: Path,
}

impl Places {
    /// Names that begin with a prefix.
    pub(crate) fn within(prefix: &str) -> Self {
        Self {
            prefix: Path::from(prefix),
        }
    }

    /// The name for a key: a folder for the uploads of a few hours, whose ids begin alike, so that no
    /// folder grows without bound; and in it a name that reveals nothing but the id.
    pub(crate) fn of(&self, key: BlobKey) -> Path {
        let (id, hours) = (key.media.to_string(), hours(key.media));
        let kind = match key.part {
            Part::Original => "original",
            Part::Thumbnail => "thumbnail",
        };
        self.prefix.clone().join(hours).join(format!("{id}.{kind}"))
    }

    /// The parent of all folders.
    pub(crate) const fn root(&self) -> &Path {
        &self.prefix
    }

    /// A name under which nothing is ever stored.
    pub(crate) fn nowhere(&self) -> Path {
        self.prefix.clone().join("nothing")
    }
}

/// The folder of an upload. Folders sort in the order of ids, as do the names in them.
pub(crate) fn hours(media: MediaId) -> String {
    media.to_string().chars().take(6).collect()
}

/// The upload that a name in a folder belongs to; `None` if the name is not one of ours.
pub(crate) fn upload(name: &str) -> Option<MediaId> {
    name.split_once('.')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
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
        assert_eq!(hours(media), "0195b4");
    }

    #[test]
    fn a_name_tells_whose_it_is() {
        let media: MediaId = "0195b4a0-0000-7000-8000-000000000001".parse().unwrap();
        for name in [format!("{media}.original"), format!("{media}.original#1")] {
            assert_eq!(upload(&name), Some(media), "{name}");
        }
        for other in ["", "notes.txt", "0195b4a0-0000-7000-8000-000000000001"] {
            assert_eq!(upload(other), None, "{other}");
        }
    }
}
