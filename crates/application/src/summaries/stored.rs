//! Encoding finished summaries for the cache.
//!
//! Numbers are little-endian; texts and lists are prefixed with their length. Bytes that cannot be
//! decoded, such as those of another version, count as absent.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use domain::port::summariser::{Bullet, Digest};
use domain::{Seq, Timestamp, UserId};
use uuid::Uuid;

use super::range_summary::{RangeSummary, Said};

const VERSION: u8 = 2;

/// Encodes a summary.
pub(super) fn write(told: &RangeSummary) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u8(VERSION);
    out.put_i64_le(told.at.as_millis());
    let Digest {
        summary,
        bullets,
        model,
        tokens,
    } = &told.digest;
    put_text(&mut out, summary);
    put_text(&mut out, model);
    out.put_u64_le(tokens.0);
    out.put_u64_le(tokens.1);
    put_length(&mut out, bullets.len());
    for bullet in bullets {
        put_text(&mut out, &bullet.text);
        put_length(&mut out, bullet.seqs.len());
        for seq in &bullet.seqs {
            out.put_i64_le(seq.get());
        }
    }
    out.put_i64_le(told.said.messages);
    put_length(&mut out, told.said.speakers.len());
    for (speaker, count) in &told.said.speakers {
        out.put_u128_le(speaker.as_uuid().as_u128());
        out.put_u32_le(*count);
    }
    put_length(&mut out, told.said.nameless.len());
    for speaker in &told.said.nameless {
        out.put_u128_le(speaker.as_uuid().as_u128());
    }
    out.freeze()
}

/// Decodes a summary, if these bytes are one.
pub(super) fn read(mut bytes: Bytes) -> Option<RangeSummary> {
    let from = &mut bytes;
    if from.try_get_u8().ok()? != VERSION {
        return None;
    }
    let at = Timestamp::from_millis(from.try_get_i64_le().ok()?);
    let (summary, model) = (text(from)?, text(from)?);
    let tokens = (from.try_get_u64_le().ok()?, from.try_get_u64_le().ok()?);
    let bullets = list(from, |from| {
        let text = text(from)?;
        let seqs = list(from, |from| Seq::new(from.try_get_i64_le().ok()?))?;
        Some(Bullet { text, seqs })
    })?;
    let messages = from.try_get_i64_le().ok()?;
    let speakers = list(from, |from| {
        Some((speaker(from)?, from.try_get_u32_le().ok()?))
    })?;
    let nameless = list(from, speaker)?;
    if from.has_remaining() {
        return None;
    }
    Some(RangeSummary {
        digest: Digest {
            summary,
            bullets,
            model,
            tokens,
        },
        said: Said {
            messages,
            speakers: speakers.into_iter().collect(),
            nameless: nameless.into_iter().collect(),
        },
        at,
        degraded: false,
    })
}

/// No real length exceeds `u32`; one that did would be truncated and could not be decoded.
fn put_length(out: &mut BytesMut, length: usize) {
    out.put_u32_le(u32::try_from(length).unwrap_or(u32::MAX));
}

fn put_text(out: &mut BytesMut, text: &str) {
    put_length(out, text.len());
    out.put_slice(text.as_bytes());
}

fn length(from: &mut Bytes) -> Option<usize> {
    usize::try_from(from.try_get_u32_le().ok()?).ok()
}

fn text(from: &mut Bytes) -> Option<String> {
    let length = length(from)?;
    let bytes = (length <= from.remaining()).then(|| from.split_to(length))?;
    String::from_utf8(bytes.to_vec()).ok()
}

fn speaker(from: &mut Bytes) -> Option<UserId> {
    let id = from.try_get_u128_le().ok()?;
    Some(UserId::from_uuid(Uuid::from_u128(id)))
}

fn list<T>(from: &mut Bytes, item: impl Fn(&mut Bytes) -> Option<T>) -> Option<Vec<T>> {
    let length = length(from)?;
    // Each item takes at least one byte.
    if length > from.remaining() {
        return None;
    }
    (0..length).map(|_| item(from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> RangeSummary {
        let mut said = Said::default();
        for number in [1, 2, 1] {
            said.add(UserId::from_uuid(Uuid::from_u128(number)));
        }
        said.nameless.insert(UserId::from_uuid(Uuid::from_u128(2)));
        let seqs = |places: &[i64]| places.iter().map(|p| Seq::new(*p).unwrap()).collect();
        RangeSummary {
            digest: Digest {
                summary: "Ana: ñandú\n«слово»".to_owned(),
                bullets: vec![
                    Bullet {
                        text: "one".to_owned(),
                        seqs: seqs(&[1, 9_007_199_254_740_991]),
                    },
                    Bullet {
                        text: String::new(),
                        seqs: seqs(&[]),
                    },
                ],
                model: "model/1".to_owned(),
                tokens: (12, 3),
            },
            said,
            at: Timestamp::from_millis(1_700_000_000_123),
            degraded: false,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(write(&told())), Some(told()));
    }

    #[test]
    fn anything_else_is_absent() {
        let whole = write(&told());
        for length in 0..whole.len() {
            assert_eq!(read(whole.slice(..length)), None, "{length}");
        }
        let mut longer = BytesMut::from(&*whole);
        longer.put_u8(0);
        assert_eq!(read(longer.freeze()), None);
        let mut other = BytesMut::from(&*whole);
        other[0] = VERSION + 1;
        assert_eq!(read(other.freeze()), None);
        assert_eq!(read(Bytes::from_static(b"{\"summary\":\"\"}")), None);
        for at in 0..whole.len() {
            let mut bent = BytesMut::from(&*whole);
            bent[at] ^= 0xff;
            // Whatever becomes of it, it is an answer.
            drop(read(bent.freeze()));
        }
    }
}
