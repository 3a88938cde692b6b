//! Which uploads have any object in a bucket.

use std::collections::BTreeSet;

use domain::{Failure, MediaId};
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, Result};

use crate::failure::of;
use crate::place::{Places, hours, upload};

/// A page of them, folder by folder: a bucket lists names in order.
pub(crate) async fn in_bucket(
    objects: &dyn ObjectStore,
    places: &Places,
    after: Option<MediaId>,
    limit: usize,
) -> Result<Vec<MediaId>, Failure> {
    page(objects, places, after, limit)
        .await
        .map_err(|error| of("list", error))
}

async fn page(
    objects: &dyn ObjectStore,
    places: &Places,
    after: Option<MediaId>,
    limit: usize,
) -> Result<Vec<MediaId>> {
    let mut found = BTreeSet::new();
    let first = after.map(hours).unwrap_or_default();
    let root = places.root();
    let named = Some(root).filter(|root| !root.as_ref().is_empty());
    let mut folders = objects.list_with_delimiter(named).await?.common_prefixes;
    folders.sort_unstable();
    for folder in folders {
        let is_before = folder.filename().is_none_or(|name| name < first.as_str());
        if !is_before {
            read(objects, &folder, after, (limit, &mut found)).await?;
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found.into_iter().take(limit).collect())
}

async fn read(
    objects: &dyn ObjectStore,
    folder: &Path,
    after: Option<MediaId>,
    (limit, found): (usize, &mut BTreeSet<MediaId>),
) -> Result<()> {
    let mut names = match after {
        // Sorts after every name of this upload: those begin with `o` and `t`.
        Some(after) => {
            let end = folder.clone().join(format!("{after}.z"));
            objects.list_with_offset(Some(folder), &end)
        }
        None => objects.list(Some(folder)),
    };
    while found.len() < limit
        && let Some(object) = names.try_next().await?
    {
        let id = object.location.filename().and_then(upload);
        found.extend(id.filter(|id| after.is_none_or(|after| *id > after)));
    }
    Ok(())
}
