//! Finding unused ports.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the range of ephemeral ports (32768 and up on Linux). Otherwise a client that keeps trying to
/// reach a stopped server would eventually get the server's own port, connect to itself, and keep the
/// server from getting it back.
const FIRST: u16 = 16_000;
const COUNT: u16 = 16_000;

static TAKEN: AtomicU16 = AtomicU16::new(0);

/// A port that is unused now. Another process may take it before it is used: a caller whose server fails
/// to start should try another port.
pub(crate) fn free() -> u16 {
    // Many processes look for ports at once; each begins elsewhere and tries every port once.
    let own = std::process::id().wrapping_mul(37) % u32::from(COUNT);
    let own = u16::try_from(own).unwrap_or_default();
    for _ in 0..COUNT {
        let step = TAKEN.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (own + step % COUNT) % COUNT;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("there is no free port on this machine");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_free_and_not_given_twice() {
        let (one, other) = (free(), free());
        assert_ne!(one, other);
        let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, one)).unwrap();
    }
}
