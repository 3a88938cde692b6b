//! GIF: blocks, most of which contain a chain of smaller ones.

use super::walk::{Format, Step};

/// The position in the file.
#[derive(Default)]
pub(super) struct Gif {
    at: At,
}

#[derive(Clone, Copy, Default)]
enum At {
    #[default]
    Head,
    Block,
    /// After the header of an image, at its minimum code size.
    Code,
    /// In a chain of blocks, which is kept or dropped.
    Chain {
        stays: bool,
    },
    End,
}

impl Format for Gif {
    fn next(&mut self, ahead: &[u8]) -> Step {
        match self.at {
            At::Head => self.head(ahead),
            At::Block => self.block(ahead),
            At::Code => self.on(At::Chain { stays: true }, Step::Keep(1)),
            At::Chain { stays } => self.chain(stays, ahead),
            At::End => Step::End,
        }
    }
}

impl Gif {
    const fn on(&mut self, to: At, step: Step) -> Step {
        self.at = to;
        step
    }

    fn head(&mut self, ahead: &[u8]) -> Step {
        match ahead.get(10) {
            Some(flags) => self.on(At::Block, Step::Keep(13 + palette(*flags))),
            None => Step::Need(11),
        }
    }

    fn block(&mut self, ahead: &[u8]) -> Step {
        match ahead {
            [0x3b, ..] => self.on(At::End, Step::Keep(1)),
            [0x2c, ..] => match ahead.get(9) {
                Some(flags) => self.on(At::Code, Step::Keep(10 + palette(*flags))),
                None => Step::Need(10),
            },
            // The graphic control and plain text extensions.
            [0x21, 0xf9 | 0x01, ..] => self.on(At::Chain { stays: true }, Step::Keep(2)),
            // The number of repetitions, which is stored in an application extension.
            [0x21, 0xff, 11, rest @ ..] if rest.len() >= 11 => {
                let repeats = [&b"NETSCAPE2.0"[..], b"ANIMEXTS1.0"];
                if repeats.iter().any(|name| rest.starts_with(name)) {
                    self.on(At::Chain { stays: true }, Step::Keep(14))
                } else {
                    self.on(At::Chain { stays: false }, Step::Drop(14))
                }
            }
            [0x21, 0xff, 11, ..] => Step::Need(14),
            [0x21, 0xff] | [0x21] => Step::Need(ahead.len() + 1),
            // Comments and other extensions.
            [0x21, ..] => self.on(At::Chain { stays: false }, Step::Drop(2)),
            _ => Step::End,
        }
    }

    fn chain(&mut self, stays: bool, ahead: &[u8]) -> Step {
        let size = ahead.first().copied().unwrap_or_default();
        if size == 0 {
            self.at = At::Block;
        }
        let whole = u64::from(size) + 1;
        if stays {
            Step::Keep(whole)
        } else {
            Step::Drop(whole)
        }
    }
}

/// The size in bytes of the colour table that these flags announce.
fn palette(flags: u8) -> u64 {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << (u64::from(flags & 7) + 1)
    }
}
