//! Detecting a file's type from its first bytes.

/// A file's type as detected from its first bytes. Its name and its declared type are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind(&'static str);

/// The picture formats that are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// PNG, animated ones included.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl PictureFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Png, Self::Jpeg, Self::Gif, Self::WebP];

    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// The format with this media type.
    pub fn named(content_type: &str) -> Option<Self> {
        let called = |format: &Self| format.content_type() == content_type;
        Self::ALL.into_iter().find(called)
    }
}

/// Magic numbers: the offset, the bytes found there, and the media type.
const BEGINNINGS: [(usize, &[u8], &str); 19] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
];

/// Media types of the MP4 family by brand; any other brand is a video.
const BRANDS: [(&[u8], &str); 9] = [
    (b"M4A ", "audio/mp4"),
    (b"M4B ", "audio/mp4"),
    (b"qt  ", "video/quicktime"),
    (b"avif", "image/avif"),
    (b"avis", "image/avif"),
    (b"heic", "image/heic"),
    (b"heix", "image/heic"),
    (b"mif1", "image/heif"),
    (b"msf1", "image/heif"),
];

/// What a browser can display inline without executing any of it.
const SHOWN: [&str; 9] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/ogg",
    "video/ogg",
];

impl FileKind {
    /// How many of a file's first bytes are enough to detect its type.
    pub const HEAD: usize = 512;

    /// Detects the type from a file's first bytes. Any text is plain text, whatever its language: an
    /// uploaded page or script is never served as such.
    pub fn of(head: &[u8]) -> Self {
        let at = |place: usize| head.get(place..).unwrap_or_default();
        let begins = |(place, bytes, _): &&(usize, &[u8], &str)| at(*place).starts_with(bytes);
        if let Some((_, _, kind)) = BEGINNINGS.iter().find(begins) {
            return Self(kind);
        }
        // A text may begin with these letters too, but contains neither the zero bytes nor a version byte.
        if head.starts_with(b"BM") && at(6).starts_with(&[0; 4]) {
            return Self("image/bmp");
        }
        if head.starts_with(b"ID3") && at(3).first().is_some_and(|version| *version < 0x09) {
            return Self("audio/mpeg");
        }
        if at(4).starts_with(b"ftyp") {
            let brand = |(brand, _): &&(&[u8], &str)| at(8).starts_with(brand);
            return Self(BRANDS.iter().find(brand).map_or("video/mp4", |(_, it)| it));
        }
        if head.starts_with(b"\x1a\x45\xdf\xa3") {
            return Self(if holds(head, b"webm") {
                "video/webm"
            } else {
                "video/x-matroska"
            });
        }
        if head.starts_with(b"OggS") {
            return Self(if holds(head, b"\x80theora") {
                "video/ogg"
            } else {
                "audio/ogg"
            });
        }
        Self(if is_text(head) {
            "text/plain; charset=utf-8"
        } else {
            "application/octet-stream"
        })
    }

    /// Its media type.
    pub const fn content_type(self) -> &'static str {
        self.0
    }

    /// The format, if it is a picture that is decoded.
    pub fn picture(self) -> Option<PictureFormat> {
        PictureFormat::named(self.0)
    }

    /// Whether a browser may display files of this media type inline; it downloads all others.
    pub fn is_shown(content_type: &str) -> bool {
        SHOWN.contains(&content_type)
    }
}

fn holds(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|window| window == word)
}

/// Whether this is the beginning of a UTF-8 text. Its last character may be cut off.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let whole = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    !text.is_empty() && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_say_what_a_file_is() {
        let table: [(&[u8], &str); 27] = [
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"\xff\xd8\xff\xe0....", "image/jpeg"),
            (b"GIF89a....", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            (b"\0\0\0\x18ftypmp42....", "video/mp4"),
            (b"\0\0\0\x18ftypisom....", "video/mp4"),
            (b"\0\0\0\x18ftypM4A ....", "audio/mp4"),
            (b"\0\0\0\x18ftypheic....", "image/heic"),
            (b"\x1a\x45\xdf\xa3....\x42\x82\x84webm", "video/webm"),
            (b"\x1a\x45\xdf\xa3....matroska", "video/x-matroska"),
            (b"OggS....OpusHead", "audio/ogg"),
            (b"OggS....\x80theora", "video/ogg"),
            (b"ID3\x04....", "audio/mpeg"),
            (b"ID3 is a tag", "text/plain; charset=utf-8"),
            (b"BM\x10\0\0\0\0\0\0\0....", "image/bmp"),
            (b"BMW prices", "text/plain; charset=utf-8"),
            (b"\xff\xfb\x90....", "audio/mpeg"),
            (b"%PDF-1.7", "application/pdf"),
            (b"PK\x03\x04....", "application/zip"),
            (b"<!doctype html><script>", "text/plain; charset=utf-8"),
            (b"<svg onload='x'>", "text/plain; charset=utf-8"),
            (b"  plain\n\ttext\r\n", "text/plain; charset=utf-8"),
            ("Grüße".as_bytes(), "text/plain; charset=utf-8"),
            (b"", "application/octet-stream"),
            (b"\0\0\0\0", "application/octet-stream"),
            (b"\xff\xfe<\0s\0", "application/octet-stream"),
        ];
        for (head, kind) in table {
            assert_eq!(FileKind::of(head).content_type(), kind, "{head:?}");
        }
    }

    #[test]
    fn a_text_may_be_cut_in_a_character_and_nowhere_else() {
        let text = "Grüße".as_bytes();
        assert_eq!(
            FileKind::of(&text[..3]).content_type(),
            "text/plain; charset=utf-8"
        );
        assert_eq!(
            FileKind::of(b"Gr\xfc\xdfe").content_type(),
            "application/octet-stream"
        );
    }

    #[test]
    fn pictures_are_shown_and_pages_are_not() {
        for format in PictureFormat::ALL {
            assert!(FileKind::is_shown(format.content_type()));
            assert_eq!(PictureFormat::named(format.content_type()), Some(format));
        }
        for other in [
            "text/plain; charset=utf-8",
            "application/pdf",
            "image/svg+xml",
            "image/bmp",
        ] {
            assert!(!FileKind::is_shown(other), "{other}");
            assert_eq!(PictureFormat::named(other), None);
        }
    }
}
