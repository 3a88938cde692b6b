//! The walkthrough in shell.

use std::process::Command;

use super::install::{root, run};
use crate::server::Server;

/// Runs a script against a server of its own, twice: existing names are no obstacle.
fn plays(script: &str) -> String {
    // For a clear message if one of them is missing.
    for tool in ["curl", "sed"] {
        run(Command::new(tool).arg("--version"));
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let url = format!("http://{}", server.address());
    let play = || run(Command::new(root().join("examples").join(script)).arg(&url));
    play();
    let said = play();
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
    said
}

#[test]
fn the_first_conversation_is_had() {
    let said = plays("first-conversation.sh");
    let twice = said.matches(r#""content":"Twice.""#).count();
    // Twice as the response to the repeated post, then in the latest page, the activity and the
    // changes.
    assert_eq!(twice, 5, "{said}");
    assert!(said.contains(r#""upTo":5"#), "{said}");
}

#[test]
fn the_walkthrough_goes_to_its_end() {
    let said = plays("walkthrough.sh");
    for code in [
        "invalid",
        "unauthenticated",
        "not_found",
        "forbidden",
        "muted",
        "blocked",
        "session_revoked",
    ] {
        let code = format!(r#""code":"{code}""#);
        assert!(said.contains(&code), "{code} in {said}");
    }
    assert!(said.ends_with("That was all of it.\n"), "{said}");
}
