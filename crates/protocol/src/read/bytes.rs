//! Binary data as clients encode it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Decodes exactly `N` bytes of base64url, as browsers encode them, or of standard base64, both with or
/// without padding.
pub fn parse_bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let bare = text.trim_end_matches('=');
    let decoded = URL_SAFE_NO_PAD
        .decode(bare)
        .or_else(|_other| STANDARD_NO_PAD.decode(bare));
    decoded.ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_their_number_and_either_alphabet() {
        assert_eq!(parse_bytes::<3>("-_-_"), Some([0xfb, 0xff, 0xbf]));
        assert_eq!(parse_bytes::<3>("+/+/"), Some([0xfb, 0xff, 0xbf]));
        assert_eq!(parse_bytes::<1>("AA=="), Some([0]));
        for bad in ["", "AAA", "AAAAAA", "A A", "%%%%"] {
            assert_eq!(parse_bytes::<3>(bad), None, "{bad}");
        }
    }
}
