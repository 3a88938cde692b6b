//! How long the server waits for a client to read.

use std::time::Duration;

use actix_web::rt::net::TcpStream;

/// How long a response may be pending without the client reading any of it. A client that asks and
/// does not read would otherwise keep its response in memory forever. A slow WebSocket client is
/// closed with a reason after half this time.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ends a new connection when its client stops reading.
pub(crate) fn limit(connection: &TcpStream) {
    bound(connection, PATIENCE);
}

/// The kernel keeps watch: it closes a connection on which data has been unacknowledged for this
/// long.
#[cfg(target_os = "linux")]
fn bound(stream: &TcpStream, span: Duration) {
    let socket = socket2::SockRef::from(stream);
    if let Err(error) = socket.set_tcp_user_timeout(Some(span)) {
        tracing::debug!(%error, "could not set TCP_USER_TIMEOUT; stalled clients stay connected");
    }
}

/// Other systems have no such option.
#[cfg(not(target_os = "linux"))]
fn bound(_: &TcpStream, _: Duration) {}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::io::ErrorKind;

    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    #[actix_web::test]
    async fn who_does_not_read_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let reader = TcpStream::connect(listener.local_addr().unwrap());
        let (reader, accepted) = tokio::join!(reader, listener.accept());
        let (_reader, (mut stream, _)) = (reader.unwrap(), accepted.unwrap());
        bound(&stream, Duration::from_millis(200));

        let piece = vec![b' '; 1024 * 1024];
        let error = loop {
            if let Err(error) = stream.write_all(&piece).await {
                break error;
            }
        };
        assert_eq!(error.kind(), ErrorKind::TimedOut);
    }

    #[actix_web::test]
    async fn every_connection_is_bounded() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await;
        let stream = stream.unwrap();
        limit(&stream);
        let set = socket2::SockRef::from(&stream).tcp_user_timeout();
        assert_eq!(set.unwrap(), Some(PATIENCE));
    }
}
