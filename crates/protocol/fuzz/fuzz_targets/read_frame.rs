//! Parses arbitrary bytes as a client frame.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use protocol::realtime::{FrameError, read_frame};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // Anything that is not UTF-8 is rejected before it reaches the parser.
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    match read_frame(text) {
        Ok(frame) => {
            let written = serde_json::to_string(&frame).expect("a frame can be written");
            assert_eq!(read_frame(&written), Ok(frame), "written again: {written}");
        }
        Err(FrameError::Invalid { errors, .. }) => assert!(!errors.is_empty()),
        Err(FrameError::Breach) => {}
    }
    Corpus::Keep
});
