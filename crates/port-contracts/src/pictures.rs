//! Obligations of [`domain::port::Pictures`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::port::Pictures;
use domain::port::blobs::ByteStream;
use domain::port::pictures::{Look, Picture};
use domain::{Failure, PictureFormat};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::picture::{self, Png};

contract!(pictures {
    a_picture_is_measured,
    a_thumbnail_is_small_and_bare,
    a_bomb_is_refused_undecoded,
    what_is_no_picture_is_refused,
    cleaning_takes_out_what_tells_of_its_sender,
    cleaning_leaves_the_picture,
    cleaning_takes_pieces_of_any_size,
    a_broken_stream_stays_broken,
});

/// Information about a sender.
const SECRET: &str = "N 52.5200 E 13.4050";

pub async fn a_picture_is_measured(pictures: &Arc<dyn Pictures>) {
    let wide = Png::sized(40, 30);
    assert_eq!(fit(pictures, wide.bytes()).await.dimensions, (40, 30));
    for (held, dimensions) in [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))] {
        let seen = fit(pictures, wide.held(held).bytes()).await;
        assert_eq!(seen.dimensions, dimensions, "{held}");
    }
}

pub async fn a_thumbnail_is_small_and_bare(pictures: &Arc<dyn Pictures>) {
    for (size, small) in [
        ((40, 30), (40, 30)),
        ((1_200, 600), (512, 256)),
        ((100, 1_024), (50, 512)),
        ((5_000, 1), (512, 1)),
    ] {
        let told = Png::sized(size.0, size.1).saying(SECRET).bytes();
        let thumbnail = fit(pictures, told).await.thumbnail;
        assert!(!holds(&thumbnail, SECRET));
        let look = pictures.look(PictureFormat::Jpeg, thumbnail).await.unwrap();
        let Look::Fit(seen) = look else {
            panic!("{look:?}");
        };
        assert_eq!(seen.dimensions, small);
    }
    // It is oriented as the picture should be viewed.
    let turned = fit(pictures, Png::sized(1_200, 600).held(6).bytes()).await;
    let look = pictures.look(PictureFormat::Jpeg, turned.thumbnail).await;
    assert!(matches!(look.unwrap(), Look::Fit(it) if it.dimensions == (256, 512)));
}

pub async fn a_bomb_is_refused_undecoded(pictures: &Arc<dyn Pictures>) {
    let begun = Instant::now();
    let side = 7_072;
    assert!(u64::from(side) * u64::from(side) > Picture::MAX_POINTS);
    for (width, height) in [(side, side), (u32::MAX / 2, u32::MAX / 2), (1_000_000, 51)] {
        let bomb = Png::claiming(width, height).bytes();
        let look = pictures.look(PictureFormat::Png, bomb).await.unwrap();
        assert!(matches!(look, Look::Unfit(_)), "{look:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
}

pub async fn what_is_no_picture_is_refused(pictures: &Arc<dyn Pictures>) {
    let whole = Png::sized(40, 30).bytes();
    let broken = [
        Bytes::new(),
        Bytes::from_static(b"<html>"),
        whole.slice(..20),
        whole.slice(..whole.len() / 2),
        Png::sized(0, 0).bytes(),
    ];
    for bytes in broken {
        for format in PictureFormat::ALL {
            let look = pictures.look(format, bytes.clone()).await.unwrap();
            assert!(matches!(look, Look::Unfit(_)), "{format:?} {look:?}");
        }
    }
    for other in [PictureFormat::Jpeg, PictureFormat::Gif, PictureFormat::WebP] {
        let look = pictures.look(other, whole.clone()).await.unwrap();
        assert!(matches!(look, Look::Unfit(_)), "{other:?}");
    }
}

pub async fn cleaning_takes_out_what_tells_of_its_sender(pictures: &Arc<dyn Pictures>) {
    for (format, file) in picture::telling(SECRET) {
        assert!(holds(&file, SECRET));
        let left = cleaned(pictures, format, &file, 100).await;
        assert!(!holds(&left, SECRET), "{format:?}");
        assert!(!left.is_empty());
    }
}

pub async fn cleaning_leaves_the_picture(pictures: &Arc<dyn Pictures>) {
    for (format, file) in picture::bare() {
        let left = cleaned(pictures, format, &file, 100).await;
        assert_eq!(left, file, "{format:?}");
    }
    let held = Png::sized(40, 30).held(6).saying(SECRET).bytes();
    let left = cleaned(pictures, PictureFormat::Png, &held, 100).await;
    assert!(!holds(&left, SECRET));
    assert_eq!(fit(pictures, left).await.dimensions, (30, 40));
}

pub async fn cleaning_takes_pieces_of_any_size(pictures: &Arc<dyn Pictures>) {
    for (format, file) in picture::telling(SECRET) {
        let expected = cleaned(pictures, format, &file, usize::MAX).await;
        for size in [1, 2, 3, 7, 64] {
            let left = cleaned(pictures, format, &file, size).await;
            assert_eq!(left, expected, "{format:?} {size}");
        }
    }
}

pub async fn a_broken_stream_stays_broken(pictures: &Arc<dyn Pictures>) {
    for (format, file) in picture::bare() {
        let end = stream::once(async { Err(Failure::passing("request", "read", "gone")) });
        let broken = pieces(&file, 9).chain(end).boxed();
        let answer: Result<Vec<Bytes>, _> = pictures.clean(format, broken).try_collect().await;
        assert_eq!(answer.unwrap_err().port, "request");
    }
}

async fn fit(pictures: &Arc<dyn Pictures>, bytes: Bytes) -> Picture {
    match pictures.look(PictureFormat::Png, bytes).await.unwrap() {
        Look::Fit(picture) => picture,
        Look::Unfit(why) => panic!("{why}"),
    }
}

async fn cleaned(
    pictures: &Arc<dyn Pictures>,
    format: PictureFormat,
    file: &Bytes,
    size: usize,
) -> Bytes {
    let left = pictures.clean(format, pieces(file, size));
    let left: Vec<Bytes> = left.try_collect().await.unwrap();
    left.concat().into()
}

fn pieces(file: &Bytes, size: usize) -> ByteStream {
    let pieces: Vec<_> = file
        .chunks(size.min(file.len().max(1)))
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes
        .windows(word.len())
        .any(|window| window == word.as_bytes())
}
