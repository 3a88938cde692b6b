//! What is left of handmade files.

use domain::PictureFormat;

use super::exif;
use super::walk::Walk;

fn cleaned(format: PictureFormat, file: &[u8]) -> Vec<u8> {
    let whole = Walk::new(format).on(file).to_vec();
    // Byte by byte the result is the same.
    let mut walk = Walk::new(format);
    let bits: Vec<u8> = file
        .chunks(1)
        .flat_map(|byte| walk.on(byte).to_vec())
        .collect();
    assert_eq!(whole, bits);
    whole
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

fn exif_of(orientation: u16) -> Vec<u8> {
    let mut content = b"Exif\0\0".to_vec();
    content.extend(exif::telling(orientation));
    content
}

const SCAN: &[u8] = b"\xff\xda\0\x04ab\x01\x02\xff\0\x03\xff\xd0\x04";

#[test]
fn jpeg() {
    let clean = |file: &[&[u8]]| cleaned(PictureFormat::Jpeg, &file.concat());
    let (jfif, tables) = (
        segment(0xe0, b"JFIF\0..........."),
        segment(0xdb, b"tables"),
    );
    let (colours, adobe) = (
        segment(0xe2, b"ICC_PROFILE\0\x01"),
        segment(0xee, b"Adobe12"),
    );
    let plain: &[&[u8]] = &[
        b"\xff\xd8",
        &jfif,
        &colours,
        &adobe,
        &tables,
        SCAN,
        &segment(0xc4, b"more"),
        SCAN,
        b"\xff\xd9",
    ];
    assert_eq!(clean(plain), plain.concat());

    let mut where_and_when = exif_of(6);
    where_and_when.extend(b"HERE");
    let full: &[&[u8]] = &[
        b"\xff\xd8",
        &jfif,
        &segment(0xe1, &where_and_when),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0HERE"),
        &segment(0xe2, b"MPF\0HERE"),
        &colours,
        &segment(0xed, b"Photoshop 3.0\0HERE"),
        &segment(0xfe, b"HERE"),
        &adobe,
        &tables,
        SCAN,
        &segment(0xc4, b"more"),
        SCAN,
        b"\xff\xd9",
        b"\xff\xd8HERE\xff\xd9",
    ];
    let left = clean(full);
    let turned = segment(0xe1, &exif_of(6));
    let expected: &[&[u8]] = &[
        b"\xff\xd8",
        &jfif,
        &turned,
        &colours,
        &adobe,
        &tables,
        SCAN,
        &segment(0xc4, b"more"),
        SCAN,
        b"\xff\xd9",
    ];
    assert_eq!(left, expected.concat());
}

#[test]
fn a_jpeg_that_is_odd() {
    let clean = |file: &[&[u8]]| cleaned(PictureFormat::Jpeg, &file.concat());
    let tables = segment(0xdb, b"tables");
    // Bytes between segments are dropped.
    let odd: &[&[u8]] = &[b"\xff\xd8", b"HERE", &tables, b"\xff", SCAN, b"\xff\xd9"];
    assert_eq!(
        clean(odd),
        [b"\xff\xd8", &tables[..], SCAN, b"\xff\xd9"].concat()
    );
    assert_eq!(clean(&[b"\xff\xd8", b"\xff\xe1\0\x01HERE"]), b"\xff\xd8");
    assert_eq!(clean(&[b"\xff\xd8", b"\xff\xe1\xff\xffHERE"]), b"\xff\xd8");
}

fn chunk(kind: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let sum = crc32fast::hash(&[kind, content].concat()).to_be_bytes();
    [&length[..], kind, content, &sum].concat()
}

#[test]
fn png() {
    let clean = |file: &[&[u8]]| cleaned(PictureFormat::Png, &file.concat());
    let start: &[u8] = b"\x89PNG\r\n\x1a\n";
    let (head, end) = (chunk(b"IHDR", b"thirteenbytes"), chunk(b"IEND", b""));
    let (data, colours) = (chunk(b"IDAT", &[7; 9_000]), chunk(b"iCCP", b"x"));
    let plain: &[&[u8]] = &[start, &head, &colours, &data, &data, &end];
    assert_eq!(clean(plain), plain.concat());

    let mut taken = exif::telling(8).to_vec();
    taken.extend(b"HERE");
    let full: &[&[u8]] = &[
        start,
        &head,
        &chunk(b"eXIf", &taken),
        &chunk(b"tEXt", b"HERE"),
        &chunk(b"iTXt", b"HERE"),
        &chunk(b"zTXt", b"HERE"),
        &chunk(b"tIME", b"HERE"),
        &chunk(b"prVt", b"HERE"),
        &colours,
        &data,
        &data,
        &end,
        b"PK\x03\x04HERE",
    ];
    let turned = chunk(b"eXIf", &exif::telling(8));
    let expected: &[&[u8]] = &[start, &head, &turned, &colours, &data, &data, &end];
    assert_eq!(clean(full), expected.concat());
    assert_eq!(clean(&[start, b"\xff\xff\xff\xfftEXtHERE"]), start);
}

#[test]
fn gif() {
    let clean = |file: &[&[u8]]| cleaned(PictureFormat::Gif, &file.concat());
    let head: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0rgbRGB";
    let control: &[u8] = b"\x21\xf9\x04....\0";
    let repeat: &[u8] = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    let image: &[u8] = b"\x2c........\x81rgbrgbrgbrgb\x02\x03abc\x01d\0";
    let plain: &[&[u8]] = &[head, repeat, control, image, control, image, b"\x3b"];
    assert_eq!(clean(plain), plain.concat());

    let full: &[&[u8]] = &[
        head,
        repeat,
        b"\x21\xfe\x04HERE\x01!\0",
        control,
        image,
        b"\x21\xff\x0bXMP DataXMP\x04HERE\0",
        control,
        image,
        b"\x3b",
        b"<script>HERE",
    ];
    assert_eq!(clean(full), plain.concat());
    assert_eq!(clean(&[head, b"HERE"]), head);
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, content) in chunks {
        body.extend(*kind);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(*content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF", &length[..], &body].concat()
}

#[test]
fn webp() {
    let clean = |file: &[u8]| cleaned(PictureFormat::WebP, file);
    let plain = riff(&[(b"VP8 ", b"points")]);
    assert_eq!(clean(&plain), plain);
    assert_eq!(clean(&[&plain[..], b"HERE"].concat()), plain);

    let mut held = exif::telling(3).to_vec();
    held.extend(b"HERE!");
    let full = riff(&[
        (b"VP8X", b"\x2c\0\0\0abcdef"),
        (b"ICCP", b"colours"),
        (b"VP8L", b"points"),
        (b"EXIF", &held),
        (b"XMP ", b"HERE, I am"),
        (b"own ", b"HERE!"),
    ]);
    let mut turned = exif::telling(3).to_vec();
    turned.extend([0; 5]);
    let expected = riff(&[
        (b"VP8X", b"\x28\0\0\0abcdef"),
        (b"ICCP", b"colours"),
        (b"VP8L", b"points"),
        (b"EXIF", &turned),
        (b"JUNK", &[0; 10]),
        (b"JUNK", &[0; 5]),
    ]);
    assert_eq!(clean(&full), expected);
}

#[test]
fn a_file_that_is_cut_short_keeps_what_was_whole() {
    for format in PictureFormat::ALL {
        for byte in [0, 1, 0x21, 0x2c, 0x7f, 0x80, 0xff] {
            for length in [0, 1, 7, 8, 12, 13, 40, 300] {
                let file = vec![byte; length];
                assert!(cleaned(format, &file).len() <= length);
            }
        }
    }
}
