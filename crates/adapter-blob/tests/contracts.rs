//! The contract of blobs, on a folder and on S3: a private server that speaks HTTP and checks
//! signatures.

#![expect(
    clippy::unwrap_used,
    clippy::tests_outside_test_module,
    clippy::unused_async,
    reason = "nothing but tests is in here, and the suite awaits what it opens"
)]

mod bucket;

use std::sync::Arc;

use adapter_blob::BlobStore;
use domain::port::Blobs;
use domain::port::blobs::{BlobKey, Part};
use futures::{StreamExt as _, stream};
use port_contracts::{Kept, Probes, fresh};

use bucket::Bucket;

mod folder {
    use super::*;

    async fn blobs() -> Kept<Arc<dyn Blobs>> {
        let folder = tempfile::tempdir().unwrap();
        // A folder that does not exist yet.
        let store = BlobStore::in_folder(&folder.path().join("media")).unwrap();
        Kept::on(Arc::new(store), folder)
    }

    port_contracts::blobs!(blobs);
}

mod s3 {
    use super::*;

    async fn blobs() -> Kept<Arc<dyn Blobs>> {
        let bucket = Bucket::open().await;
        let store = BlobStore::in_bucket(&bucket.address()).unwrap();
        Kept::on(Arc::new(store), bucket)
    }

    port_contracts::blobs!(blobs);
}

async fn probe() -> Kept<Probes> {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::open().await;
    let gone = Bucket::open().await;
    let nobody = gone.address();
    drop(gone);
    let probes = Probes {
        working: vec![
            Arc::new(BlobStore::in_folder(folder.path()).unwrap()),
            Arc::new(BlobStore::in_bucket(&bucket.address()).unwrap()),
        ],
        away: vec![
            Arc::new(BlobStore::in_bucket(&nobody).unwrap()),
            Arc::new(BlobStore::in_bucket(&bucket.address_with("another key")).unwrap()),
        ],
    };
    Kept::on(probes, (folder, bucket))
}

port_contracts::probe!(probe);

fn key() -> BlobKey {
    BlobKey {
        media: fresh(),
        part: Part::Original,
    }
}

/// An unfinished upload leaves no trace, not even where nothing reads it.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_what_was_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::open().await;
    let stores = [
        (BlobStore::in_folder(folder.path()).unwrap(), folder.path()),
        (
            BlobStore::in_bucket(&bucket.address()).unwrap(),
            bucket.folder(),
        ),
    ];
    for (store, folder) in stores {
        let endless = || stream::repeat_with(|| Ok(vec![7; 1 << 20].into()));
        let put = store.put(key(), endless().boxed(), 12 << 20).await.unwrap();
        assert_eq!(put, domain::port::blobs::Put::TooLarge);
        bucket::until_empty(folder).await;

        // A caller that is cancelled.
        let stuck = endless().take(12).chain(stream::pending()).boxed();
        let put = store.put(key(), stuck, u64::MAX);
        let waited = std::time::Duration::from_millis(500);
        assert!(tokio::time::timeout(waited, put).await.is_err());
        bucket::until_empty(folder).await;
    }
}

#[tokio::test]
async fn a_prefix_keeps_deployments_apart() {
    let bucket = Bucket::open().await;
    let one = BlobStore::in_bucket(&bucket.address_of("one")).unwrap();
    let other = BlobStore::in_bucket(&bucket.address_of("other")).unwrap();
    let key = key();
    let bytes = stream::once(async { Ok("here".into()) }).boxed();
    one.put(key, bytes, 10).await.unwrap();
    assert_eq!(one.size(key).await.unwrap(), Some(4));
    assert_eq!(other.size(key).await.unwrap(), None);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = BlobStore::in_folder(&file.path().join("media")).err();
    let told = error.unwrap().to_string();
    assert!(told.contains("media"), "{told}");
}
