//! Obligations of [`domain::port::Blobs`].

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use domain::port::Blobs;
use domain::port::blobs::{BlobKey, ByteStream, Part, Put};
use domain::{Failure, MediaId};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::fresh;

contract!(blobs {
    what_was_put_is_read,
    too_many_bytes_store_nothing,
    a_broken_stream_stores_nothing,
    an_unknown_blob_is_absent,
    a_range_beyond_the_end_is_cut,
    what_is_kept_is_listed,
});

/// More than any test stores.
const PLENTY: u64 = 1 << 30;

pub async fn what_was_put_is_read(blobs: &Arc<dyn Blobs>) {
    // Nothing, a little, and more than stores upload in one request.
    for length in [0, 1, 1_000, 6 << 20] {
        let (key, bytes) = (key(Part::Original), some_bytes(length));
        let size = size(&bytes);
        let put = blobs.put(key, pieces(&bytes), PLENTY).await.unwrap();
        assert_eq!(put, Put::Stored(size));
        assert_eq!(blobs.size(key).await.unwrap(), Some(size));
        assert_eq!(read(blobs, key, 0..size).await, Some(bytes.clone()));

        let (third, half) = (length / 3, length / 2);
        for (from, to) in [(0, third), (third, half), (half, length), (half, half)] {
            let range = u64::try_from(from).unwrap()..u64::try_from(to).unwrap();
            let expected = bytes.slice(from..to);
            assert_eq!(read(blobs, key, range).await, Some(expected));
        }
    }

    // Each part of each upload is a blob of its own, and the last put counts.
    let original = key(Part::Original);
    let thumbnail = BlobKey {
        part: Part::Thumbnail,
        ..original
    };
    put(blobs, original, b"the original").await;
    assert_eq!(blobs.size(thumbnail).await.unwrap(), None);
    put(blobs, thumbnail, b"small").await;
    assert_eq!(whole(blobs, original).await.unwrap(), "the original");
    put(blobs, original, b"anew").await;
    assert_eq!(whole(blobs, original).await.unwrap(), "anew");
    assert_eq!(whole(blobs, thumbnail).await.unwrap(), "small");
}

pub async fn too_many_bytes_store_nothing(blobs: &Arc<dyn Blobs>) {
    let (new, old) = (key(Part::Original), key(Part::Original));
    put(blobs, old, b"old").await;
    let bytes = some_bytes(100_000);
    for key in [new, old] {
        for limit in [0, 1, 99_999] {
            let answer = blobs.put(key, pieces(&bytes), limit).await.unwrap();
            assert_eq!(answer, Put::TooLarge);
        }
    }
    assert_eq!(whole(blobs, new).await, None);
    assert_eq!(whole(blobs, old).await.unwrap(), "old");

    // Reading stops at the limit.
    let endless = stream::repeat_with(|| Ok(Bytes::from_static(&[7; 1_000])));
    let answer = blobs.put(new, endless.boxed(), 10_000).await.unwrap();
    assert_eq!(answer, Put::TooLarge);
    let answer = blobs.put(new, pieces(&bytes), 100_000).await.unwrap();
    assert_eq!(answer, Put::Stored(100_000));
    assert_eq!(whole(blobs, new).await, Some(bytes));
}

pub async fn a_broken_stream_stores_nothing(blobs: &Arc<dyn Blobs>) {
    let (new, old) = (key(Part::Original), key(Part::Original));
    put(blobs, old, b"old").await;
    let bytes = some_bytes(6 << 20);
    for key in [new, old] {
        let broken = Failure::passing("request", "read", "the client is gone");
        let end = stream::once(async { Err(broken) });
        let answer = blobs.put(key, pieces(&bytes).chain(end).boxed(), PLENTY);
        assert_eq!(answer.await.unwrap_err().port, "request");

        // Nor does one whose caller is cancelled in the middle.
        let stuck = Arc::new(Notify::new());
        let reached = Arc::clone(&stuck);
        let end = stream::poll_fn(move |_| {
            reached.notify_one();
            std::task::Poll::Pending
        });
        let upload = blobs.put(key, pieces(&bytes).chain(end).boxed(), PLENTY);
        tokio::select! {
            answer = upload => panic!("{answer:?}"),
            () = stuck.notified() => {}
        }
    }
    assert_eq!(blobs.size(new).await.unwrap(), None);
    assert_eq!(whole(blobs, new).await, None);
    assert_eq!(whole(blobs, old).await.unwrap(), "old");
    put(blobs, new, b"whole").await;
    assert_eq!(whole(blobs, new).await.unwrap(), "whole");
}

pub async fn an_unknown_blob_is_absent(blobs: &Arc<dyn Blobs>) {
    let (one, other) = (key(Part::Original), key(Part::Thumbnail));
    assert_eq!(whole(blobs, one).await, None);
    put(blobs, one, b"one").await;
    put(blobs, other, b"other").await;
    for _ in 0..2 {
        blobs.remove(one).await.unwrap();
        assert_eq!(blobs.size(one).await.unwrap(), None);
        assert!(blobs.get(one, 0..1).await.unwrap().is_none());
        assert!(blobs.get(one, 5..9).await.unwrap().is_none());
    }
    assert_eq!(whole(blobs, other).await.unwrap(), "other");
}

pub async fn a_range_beyond_the_end_is_cut(blobs: &Arc<dyn Blobs>) {
    let (ten, none) = (key(Part::Original), key(Part::Original));
    put(blobs, ten, b"0123456789").await;
    put(blobs, none, b"").await;
    let table: [(Range<u64>, &str); 7] = [
        (0..10, "0123456789"),
        (7..11, "789"),
        (9..u64::MAX, "9"),
        (0..u64::MAX, "0123456789"),
        (10..20, ""),
        (11..12, ""),
        (u64::MAX - 1..u64::MAX, ""),
    ];
    for (range, expected) in table {
        let got = read(blobs, ten, range.clone()).await.unwrap();
        assert_eq!(got, expected, "{range:?}");
        let got = read(blobs, none, range).await.unwrap();
        assert!(got.is_empty());
    }
}

pub async fn what_is_kept_is_listed(blobs: &Arc<dyn Blobs>) {
    assert_eq!(blobs.kept(None, 10).await.unwrap(), []);
    // From different times, as the ids of uploads say, so that a store has reason to keep them apart.
    let times = [
        0x0195_b4a0_0000_u128,
        0x0195_b4a0_0001,
        0x0195_b4ff_0000,
        0x01a0_0000_0000,
    ];
    let mut ids: Vec<MediaId> = times
        .into_iter()
        .flat_map(|time| (1..=3).map(move |number| (time << 80) | (7 << 76) | number))
        .map(|id| MediaId::from_uuid(Uuid::from_u128(id)))
        .collect();
    for (place, media) in ids.iter().enumerate().rev() {
        for part in [Part::Original, Part::Thumbnail]
            .into_iter()
            .take(1 + place % 2)
        {
            let key = BlobKey {
                media: *media,
                part,
            };
            put(blobs, key, b"something").await;
        }
    }
    assert_eq!(blobs.kept(None, 100).await.unwrap(), ids);
    for limit in [1, 2, 5] {
        let mut met: Vec<MediaId> = Vec::new();
        loop {
            let page = blobs.kept(met.last().copied(), limit).await.unwrap();
            assert!(page.len() <= limit);
            met.extend(&page);
            if page.len() < limit {
                break;
            }
        }
        assert_eq!(met, ids, "{limit}");
    }
    let gone = ids.remove(4);
    for part in [Part::Original, Part::Thumbnail] {
        let key = BlobKey { media: gone, part };
        blobs.remove(key).await.unwrap();
    }
    assert_eq!(blobs.kept(None, 100).await.unwrap(), ids);
    assert_eq!(blobs.kept(Some(gone), 100).await.unwrap(), ids[4..]);
}

fn key(part: Part) -> BlobKey {
    BlobKey {
        media: fresh(),
        part,
    }
}

/// Bytes that differ from position to position.
fn some_bytes(length: usize) -> Bytes {
    let numbers = (0_u32..).flat_map(u32::to_be_bytes);
    numbers.take(length).collect()
}

/// Bytes as they arrive from a client: in pieces of all sizes, including empty ones.
fn pieces(bytes: &Bytes) -> ByteStream {
    let mut left = bytes.clone();
    let mut sizes = [1, 0, 10, 4_096, 65_536, 7, 300_000].into_iter().cycle();
    let pieces = std::iter::from_fn(move || {
        let size = sizes.next()?.min(left.len());
        (!left.is_empty()).then(|| Ok(left.split_to(size)))
    });
    stream::iter(pieces).boxed()
}

fn size(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

async fn put(blobs: &Arc<dyn Blobs>, key: BlobKey, bytes: &'static [u8]) {
    let bytes = Bytes::from_static(bytes);
    let put = blobs.put(key, pieces(&bytes), size(&bytes)).await.unwrap();
    assert_eq!(put, Put::Stored(size(&bytes)));
}

async fn read(blobs: &Arc<dyn Blobs>, key: BlobKey, range: Range<u64>) -> Option<Bytes> {
    let stream = blobs.get(key, range).await.unwrap()?;
    let pieces: Vec<Bytes> = stream.try_collect().await.unwrap();
    Some(pieces.concat().into())
}

async fn whole(blobs: &Arc<dyn Blobs>, key: BlobKey) -> Option<Bytes> {
    let size = blobs.size(key).await.unwrap();
    let whole = read(blobs, key, 0..u64::MAX).await;
    assert_eq!(whole.as_ref().map(self::size), size);
    whole
}
