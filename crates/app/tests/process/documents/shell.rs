//! Runs the scripts in the documents.
//!
//! A block of `sh` is a script that works as it stands, beside a server at `localhost:3000`. Where
//! a document needs somebody's token and room, they are in `TOKEN` and `ROOM`. A block that cannot
//! be run in a test is preceded by a line that says why, `<!-- not run: … -->`, which readers do
//! not see.

use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance::Person;

use super::pages::{Block, Page, pages};
use crate::server::{Server, said};

const NOT_RUN: &str = "<!-- not run: ";

#[tokio::test]
async fn every_script_in_the_documents_works() {
    let mut run = 0;
    for page in pages() {
        let blocks = page.blocks().into_iter();
        for block in blocks.filter(|block| block.kind == "sh" && is_run(block)) {
            works(&page, &block).await;
            run += 1;
        }
    }
    // At least the README's first conversation, and an upload.
    assert!(run >= 2, "{run} scripts were found");
}

/// Whether to run it. The reason for not doing so has to be more than a word.
fn is_run(block: &Block) -> bool {
    let reason = block.before.strip_prefix(NOT_RUN);
    let words = reason.map(|reason| reason.trim_end_matches("-->").split_whitespace().count());
    words.is_none_or(|words| words < 3)
}

/// With a server and a user of its own.
async fn works(page: &Page, block: &Block) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"));
    let owner = Person::register(server.client(), "owner").await;
    let room = owner.makes_room("a room").await;
    let (name, place) = (page.name(), folder.path());
    let output = script(&block.text, server.address(), place)
        .env("TOKEN", &owner.token)
        .env("ROOM", room)
        .output()
        .unwrap();
    let told = said(&output);
    assert!(output.status.success(), "{name}:{}: {told}", block.line);
    // Curl succeeds even if the request is refused.
    for refusal in [r#""code":"#, "curl:"] {
        assert!(!told.contains(refusal), "{name}:{}: {told}", block.line);
    }
    assert!(server.stop().0);
}

/// Stops at the first command that fails, in a folder with a picture in it.
fn script(text: &str, address: &str, folder: &Path) -> Command {
    fs::write(folder.join("map.png"), PICTURE).unwrap();
    let text = text.replace("localhost:3000", address);
    let mut command = Command::new("bash");
    command
        .args(["-euo", "pipefail", "-c", &text])
        .current_dir(folder);
    command
}

/// A single pixel.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn a_script_that_fails_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["false\ntrue", "echo $NOBODY_SET_THIS", "false | true"] {
        let output = script(text, "127.0.0.1:1", folder.path()).output().unwrap();
        assert!(!output.status.success(), "{text}");
    }
}
