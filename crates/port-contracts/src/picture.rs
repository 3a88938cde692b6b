//! Handmade picture files, including some that the formats' own libraries would never write.

use bytes::Bytes;
use domain::PictureFormat;

/// A grey PNG that can be decoded, or claims to be one.
#[derive(Clone, Copy)]
pub(crate) struct Png {
    size: (u32, u32),
    /// How many of its pixels are really there.
    there: (u32, u32),
    held: Option<u8>,
    saying: Option<&'static str>,
}

impl Png {
    /// With this size.
    pub(crate) const fn sized(width: u32, height: u32) -> Self {
        Self {
            size: (width, height),
            there: (width, height),
            held: None,
            saying: None,
        }
    }

    /// With this size according to its header alone.
    pub(crate) const fn claiming(width: u32, height: u32) -> Self {
        Self {
            there: (1, 1),
            ..Self::sized(width, height)
        }
    }

    /// With this orientation.
    pub(crate) const fn held(self, orientation: u8) -> Self {
        Self {
            held: Some(orientation),
            ..self
        }
    }

    /// With a comment.
    pub(crate) const fn saying(self, remark: &'static str) -> Self {
        Self {
            saying: Some(remark),
            ..self
        }
    }

    /// The file.
    pub(crate) fn bytes(self) -> Bytes {
        let (width, height) = self.size;
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        let head = [
            &width.to_be_bytes()[..],
            &height.to_be_bytes(),
            &[8, 0, 0, 0, 0],
        ];
        file.extend(chunk(b"IHDR", &head.concat()));
        if let Some(held) = self.held {
            file.extend(chunk(b"eXIf", &exif(held, self.saying.unwrap_or_default())));
        }
        if let Some(remark) = self.saying {
            file.extend(chunk(b"tEXt", format!("Comment\0{remark}").as_bytes()));
        }
        file.extend(chunk(b"IDAT", &stored(&rows(self.there))));
        file.extend(chunk(b"IEND", b""));
        file.into()
    }
}

fn rows((width, height): (u32, u32)) -> Vec<u8> {
    let (width, height) = (
        usize::try_from(width).unwrap(),
        usize::try_from(height).unwrap(),
    );
    let row = std::iter::once(0).chain((0..=u8::MAX).cycle().take(width));
    row.collect::<Vec<_>>().repeat(height)
}

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let summed = [kind, content].concat();
    [&length[..], &summed, &sum(&summed).to_be_bytes()].concat()
}

/// The CRC that PNG has after every chunk.
fn sum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
        }
    }
    !sum
}

/// In zlib's format, without compression.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(0xffff).count();
    for (place, block) in bytes.chunks(0xffff).enumerate() {
        out.push(u8::from(place + 1 == blocks));
        let length = u16::try_from(block.len()).unwrap();
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend(((high << 16) | low).to_be_bytes());
    out
}

/// EXIF with an orientation, and more after it.
fn exif(held: u8, more: &str) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([held, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(more.as_bytes());
    tiff
}

/// Files that contain nothing but a picture.
pub(crate) fn bare() -> Vec<(PictureFormat, Bytes)> {
    vec![
        (PictureFormat::Png, Png::sized(40, 30).bytes()),
        (PictureFormat::Jpeg, jpeg(&[])),
        (PictureFormat::Gif, gif(&[])),
        (PictureFormat::WebP, webp(&[])),
    ]
}

/// Files with information about their sender, everywhere where that is possible.
pub(crate) fn telling(secret: &'static str) -> Vec<(PictureFormat, Bytes)> {
    let told = secret.as_bytes();
    let held = [b"Exif\0\0", &exif(6, secret)[..]].concat();
    let behind = |file: Bytes| Bytes::from([&file[..], told].concat());
    let png = Png::sized(40, 30).held(6).saying(secret).bytes();
    let remark = [b"\x21\xfe", &block(told)[..]].concat();
    let program = [b"\x21\xff\x0bSomebody1.0", &block(told)[..]].concat();
    vec![
        (PictureFormat::Png, behind(png)),
        (
            PictureFormat::Jpeg,
            behind(jpeg(&[
                segment(0xe1, &held),
                segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", told].concat()),
                segment(0xed, &[b"Photoshop 3.0\0", told].concat()),
                segment(0xfe, told),
            ])),
        ),
        (PictureFormat::Gif, behind(gif(&[remark, program]))),
        (
            PictureFormat::WebP,
            behind(webp(&[
                riff_chunk(b"EXIF", &exif(6, secret)),
                riff_chunk(b"XMP ", told),
                riff_chunk(b"mine", told),
            ])),
        ),
    ]
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// Well-formed, with arbitrary pixels.
fn jpeg(more: &[Vec<u8>]) -> Bytes {
    let mut file = b"\xff\xd8".to_vec();
    file.extend(more.concat());
    file.extend(segment(0xdb, &[1; 65]));
    file.extend(segment(0xda, b"\x01\x01\0\0\x3f\0"));
    file.extend(b"points\xff\0points\xff\xd9");
    file.into()
}

fn block(content: &[u8]) -> Vec<u8> {
    [&[u8::try_from(content.len()).unwrap()], content, &[0]].concat()
}

/// Well-formed, with arbitrary pixels.
fn gif(more: &[Vec<u8>]) -> Bytes {
    let mut file = b"GIF89a\x01\0\x01\0\x80\0\0rgbRGB".to_vec();
    file.extend(more.concat());
    file.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02");
    file.extend(block(b"points"));
    file.extend(b"\x3b");
    file.into()
}

fn riff_chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let mut chunk = [kind, &length, content].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// Well-formed, with arbitrary pixels.
fn webp(more: &[Vec<u8>]) -> Bytes {
    let mut body = b"WEBP".to_vec();
    if !more.is_empty() {
        body.extend(riff_chunk(b"VP8X", b"\x0c\0\0\0\0\0\0\0\0\0"));
    }
    body.extend(riff_chunk(b"VP8L", b"points"));
    body.extend(more.concat());
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF", &length[..], &body].concat().into()
}
