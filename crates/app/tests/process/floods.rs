//! Clients of Socket.IO that say far more than they may, and what that costs.

use crate::examples::{run, socketio_client};
use crate::files::peak;
use crate::server::Server;

/// What the server may take for it: the largest message that there may be, some times over, for each of
/// those who are connected one after the other, and what a debug build needs for anything at all.
const MOST: usize = 48 << 20;

/// Each of sixteen connections sends so many events of this length: 20 MB.
const FLOOD: &str = "10000x2000";

#[test]
fn what_nobody_may_say_is_not_kept_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("RATE_LIMIT_POINTS", "0"), ("LIMIT_FRAMES", "60/10")];
    let server = Server::with(folder.path(), &settings);
    let before = peak(server.id());
    let mut client = socketio_client().command();
    client
        .args(["flood", server.client().url()])
        .env("FLOOD", FLOOD);
    run(&mut client);
    let taken = peak(server.id()) - before;
    eprintln!("it took {} MiB", taken >> 20);
    assert!(taken < MOST, "{taken} bytes");
    let (content, log) = server.stop();
    assert!(content && !log.contains("panicked"), "{log}");
}
