//! The tests of the TypeScript client.

use super::install::{run, typescript_client};
use crate::server::Server;

#[test]
fn the_client_in_typescript_can_do_everything() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let url = format!("http://{}", server.address());
    let said = run(typescript_client().command().arg(&url));
    assert_eq!(said.trim(), "everything");
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
}
