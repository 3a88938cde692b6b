//! The cost of Socket.IO clients that send far more than they may.

use crate::examples::{run, socketio_client};
use crate::files::peak;
use crate::server::Server;

/// The memory that the server may use for it: several times the largest possible message for each
/// of the connections, which come one after the other, plus what a debug build needs anyway.
const MOST: usize = 48 << 20;

/// How many events of this length each of sixteen connections sends: 20 MB.
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
