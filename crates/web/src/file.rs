//! Responses with a file: which of its bytes to send, and with which headers.

use std::num::IntErrorKind;
use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::header::{
    self, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, EntityTag, Header as _, IF_RANGE, IfNoneMatch,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use application::media::Opened;
use domain::FileName;
use domain::port::blobs::{ByteStream, Part};
use futures::TryStreamExt as _;

use crate::answer;

/// Keeps an uploaded page from acting as one of ours.
const KEPT_IN: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Which bytes a client wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// None: it has them already.
    Nothing,
    /// The whole file.
    Whole,
    /// This range, as it was asked for, even if it covers the whole file.
    Part(Range<u64>),
    /// A range that lies outside the file.
    Impossible,
}

/// Reads which bytes a request wants. Several ranges at once are answered with the whole file, as
/// RFC 9110 permits: in practice they only serve to create load.
pub(crate) fn wanted(request: &HttpRequest, opened: &Opened) -> Wanted {
    let tag = tag(opened);
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    if known {
        return Wanted::Nothing;
    }
    let told = |name| request.headers().get(name)?.to_str().ok();
    let still_the_same = told(IF_RANGE).is_none_or(|then| then.trim() == tag.to_string());
    let Some(range) = told(header::RANGE).filter(|_| still_the_same) else {
        return Wanted::Whole;
    };
    match readable(range).parse() {
        Ok(header::Range::Bytes(ranges)) => match ranges.as_slice() {
            [one] => match one.to_satisfiable_range(opened.size) {
                Some((first, last)) => Wanted::Part(first..last.saturating_add(1)),
                None => Wanted::Impossible,
            },
            _ => Wanted::Whole,
        },
        Ok(header::Range::Unregistered(..)) | Err(_) => Wanted::Whole,
    }
}

/// The same range with numbers small enough to be parsed. A number that is too large is not a
/// mistake: it lies beyond the end of every file.
fn readable(range: &str) -> String {
    let no_digit = |c: char| !c.is_ascii_digit();
    let pieces = range.split_inclusive(no_digit).map(|piece| {
        let digits = piece.trim_end_matches(no_digit);
        match digits.parse::<u64>() {
            Err(why) if *why.kind() == IntErrorKind::PosOverflow => {
                piece.replace(digits, &u64::MAX.to_string())
            }
            Ok(_) | Err(_) => piece.to_owned(),
        }
    });
    pieces.collect()
}

/// 304 for a file that the client has already.
pub(crate) fn unchanged(opened: &Opened) -> HttpResponse {
    let mut response = answer::not_modified();
    response
        .insert_header((ETAG, tag(opened).to_string()))
        .insert_header((CACHE_CONTROL, CACHED))
        .finish()
}

/// Revalidated each time, because the reader may have lost access since.
const CACHED: &str = "private, no-cache";

/// 200 with the whole file.
pub(crate) fn whole(opened: &Opened, bytes: ByteStream) -> HttpResponse {
    sent(answer::whole_file(), opened, opened.size, bytes)
}

/// 206 with the range that was asked for.
pub(crate) fn part(opened: &Opened, range: &Range<u64>, bytes: ByteStream) -> HttpResponse {
    let Range { start, end } = *range;
    let last = end.saturating_sub(1);
    let place = format!("bytes {start}-{last}/{}", opened.size);
    let mut response = answer::part_of_file();
    response.insert_header((CONTENT_RANGE, place));
    sent(response, opened, end.saturating_sub(start), bytes)
}

fn sent(
    mut response: HttpResponseBuilder,
    opened: &Opened,
    length: u64,
    bytes: ByteStream,
) -> HttpResponse {
    describe(&mut response, opened);
    let media = opened.key.media;
    let bytes = bytes.inspect_err(move |failure| {
        tracing::error!(%media, error = %failure.chain(), "blob read failed: response cut short");
    });
    response.body(SizedStream::new(length, bytes))
}

fn describe(response: &mut HttpResponseBuilder, opened: &Opened) {
    response
        .insert_header((CONTENT_TYPE, opened.content_type.as_str()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((ETAG, tag(opened).to_string()))
        .insert_header((CACHE_CONTROL, CACHED));
    let how = if opened.shown { "inline" } else { "attachment" };
    let disposition = format!("{how}; {}", name(&opened.file_name, opened.key.part));
    response.insert_header((CONTENT_DISPOSITION, disposition));
    if !opened.shown {
        response.insert_header((CONTENT_SECURITY_POLICY, KEPT_IN));
    }
}

/// Identifies the bytes: the digest of the file, and whether they are its thumbnail.
fn tag(opened: &Opened) -> EntityTag {
    let mut text = String::with_capacity(70);
    for byte in opened.digest.0 {
        text.extend(hex(byte));
    }
    if opened.key.part == Part::Thumbnail {
        text.push_str("-small");
    }
    EntityTag::new_strong(text)
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|half| char::from_digit(u32::from(half), 16).unwrap_or('0'))
}

/// A file name as headers write it (RFC 6266): an ASCII fallback for old clients, and the full name
/// for others.
fn name(file_name: &FileName, part: Part) -> String {
    let whole = match part {
        Part::Original => file_name.as_str().to_owned(),
        Part::Thumbnail => format!("{}.jpg", file_name.as_str()),
    };
    let plain = |c: char| match c {
        '"' | '\\' | '%' => '_',
        c if c.is_ascii_graphic() || c == ' ' => c,
        _ => '_',
    };
    let fallback: String = whole.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in whole.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(hex(byte).map(|digit| digit.to_ascii_uppercase()));
        }
    }
    format!("filename=\"{fallback}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use domain::port::blobs::BlobKey;
    use domain::port::media::FileDigest;

    use super::*;

    fn opened() -> Opened {
        Opened {
            key: BlobKey {
                media: "0195b4a0-0000-7000-8000-000000000001".parse().unwrap(),
                part: Part::Original,
            },
            digest: FileDigest([0xab; 32]),
            file_name: FileName::parse("a.txt").unwrap(),
            content_type: "text/plain".to_owned(),
            size: 10,
            shown: false,
        }
    }

    fn of(headers: &[(&str, &str)]) -> Wanted {
        let start = TestRequest::default();
        let filled = headers
            .iter()
            .fold(start, |request, header| request.insert_header(*header));
        wanted(&filled.to_http_request(), &opened())
    }

    #[test]
    fn ranges_are_read_as_http_writes_them() {
        for (range, expected) in [
            ("bytes=0-3", Wanted::Part(0..4)),
            ("bytes=4-", Wanted::Part(4..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=8-30", Wanted::Part(8..10)),
            ("bytes=10-", Wanted::Impossible),
            ("bytes=-0", Wanted::Impossible),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
            ("nonsense", Wanted::Whole),
        ] {
            assert_eq!(of(&[("range", range)]), expected, "{range}");
        }
        assert_eq!(of(&[]), Wanted::Whole);
    }

    #[test]
    fn a_range_of_all_the_bytes_is_a_range() {
        for range in [
            "bytes=0-",
            "bytes=0-9",
            "bytes=0-30",
            "bytes=-10",
            "bytes=-30",
        ] {
            assert_eq!(of(&[("range", range)]), Wanted::Part(0..10), "{range}");
        }
    }

    #[test]
    fn no_number_is_too_large_to_be_understood() {
        let huge = "9".repeat(30);
        for (range, expected) in [
            (format!("bytes={huge}-"), Wanted::Impossible),
            (format!("bytes={huge}-{huge}"), Wanted::Impossible),
            (format!("bytes=4-{huge}"), Wanted::Part(4..10)),
            (format!("bytes=-{huge}"), Wanted::Part(0..10)),
            (format!("bytes=0-1,{huge}-"), Wanted::Whole),
            (huge, Wanted::Whole),
        ] {
            assert_eq!(of(&[("range", &range)]), expected, "{range}");
        }
    }

    #[test]
    fn who_has_the_bytes_gets_none() {
        let tag = tag(&opened()).to_string();
        assert_eq!(tag, format!("\"{}\"", "ab".repeat(32)));
        for known in [
            tag.clone(),
            format!("\"x\", {tag}"),
            format!("W/{tag}"),
            "*".to_owned(),
        ] {
            assert_eq!(of(&[("if-none-match", &known)]), Wanted::Nothing, "{known}");
        }
        assert_eq!(of(&[("if-none-match", "\"x\"")]), Wanted::Whole);
        let some = ("range", "bytes=0-3");
        assert_eq!(of(&[some, ("if-range", &tag)]), Wanted::Part(0..4));
        assert_eq!(of(&[some, ("if-range", "\"x\"")]), Wanted::Whole);
    }

    #[test]
    fn a_name_can_do_nothing_in_a_header() {
        let written = |text: &str| name(&FileName::parse(text).unwrap(), Part::Original);
        assert_eq!(
            written("a.txt"),
            "filename=\"a.txt\"; filename*=UTF-8''a.txt"
        );
        assert_eq!(
            written("Gr\u{fc}n \".txt"),
            "filename=\"Gr_n _.txt\"; filename*=UTF-8''Gr%C3%BCn%20%22.txt"
        );
    }
}
