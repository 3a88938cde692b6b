//! Admits new connections a few at a time.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep, timeout};

use super::line::Line;

/// How many handshakes one worker carries out at a time.
const AT_ONCE: usize = 32;
/// How long a handshake keeps its permit. A slow store delays the connections behind it by no more than this.
const LONGEST: Duration = Duration::from_millis(20);
/// How long a connection waits for a permit before it is admitted without one. HTTP gives a client longer
/// than this to send its request.
const PATIENCE: Duration = Duration::from_secs(3);

/// Admits the connections of one worker, in the order in which they sent something.
///
/// When thousands of clients reconnect, all of their handshakes are ready at once. A worker runs its tasks
/// in turn, and prefers those that it woke itself to those that other threads woke, such as a store that has
/// committed a message: clients already connected would not be served until the last handshake was done.
#[derive(Clone)]
pub(crate) struct Entrance(Arc<Semaphore>);

impl Entrance {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    pub(super) fn admission(&self) -> Admission {
        Admission::Silent(Arc::clone(&self.0))
    }
}

/// `None` for a connection that waited for [`PATIENCE`] in vain: it proceeds without a permit.
type Permit = Option<OwnedSemaphorePermit>;

async fn permit(permits: Arc<Semaphore>) -> Permit {
    timeout(PATIENCE, permits.acquire_owned()).await.ok()?.ok()
}

/// How far a new connection has come.
pub(super) enum Admission {
    /// The client has sent nothing yet.
    Silent(Arc<Semaphore>),
    Queued(Pin<Box<dyn Future<Output = Permit>>>),
    /// HTTP reads the first request.
    Admitted(Permit),
    /// The first request is a handshake that has not been answered yet.
    Handshake(Permit, Pin<Box<Sleep>>),
    Done,
}

impl Admission {
    /// Waits until HTTP may proceed. It may while the client is silent, because it is HTTP that times out
    /// silent clients.
    pub(super) fn poll(&mut self, line: &Line, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            *self = match self {
                Self::Silent(_) if line.poll_first_bytes(cx).is_pending() => {
                    return Poll::Ready(());
                }
                Self::Silent(permits) => Self::Queued(Box::pin(permit(Arc::clone(permits)))),
                Self::Queued(permit) => Self::Admitted(ready!(permit.as_mut().poll(cx))),
                Self::Admitted(_) | Self::Handshake(..) | Self::Done => return Poll::Ready(()),
            };
        }
    }

    /// Called after each poll of HTTP. Releases the permit, unless this connection is still in its handshake.
    pub(super) fn went_on(&mut self, line: &Line, cx: &mut Context<'_>) {
        let state = mem::replace(self, Self::Done);
        let handshakes = line.is_in_handshake();
        let (permit, mut deadline) = match state {
            Self::Silent(_) | Self::Queued(_) => {
                *self = state;
                return;
            }
            Self::Admitted(permit) if handshakes => (permit, Box::pin(sleep(LONGEST))),
            Self::Handshake(permit, deadline) if handshakes => (permit, deadline),
            Self::Admitted(_) | Self::Handshake(..) | Self::Done => return,
        };
        if deadline.as_mut().poll(cx).is_pending() {
            *self = Self::Handshake(permit, deadline);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::Waker;

    use tokio::io::AsyncWriteExt as _;
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// A new connection and its client.
    async fn connected(entrance: &Entrance) -> (Rc<Line>, Admission, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let line = Line::new(accepted.unwrap().0);
        (line, entrance.admission(), client.unwrap())
    }

    /// The same, once its client has sent something.
    async fn ready(entrance: &Entrance) -> (Rc<Line>, Admission) {
        let (line, admission, mut client) = connected(entrance).await;
        client.write_all(b"GET ").await.unwrap();
        poll_fn(|cx| line.poll_first_bytes(cx)).await;
        (line, admission)
    }

    fn may_go_on((line, admission): &mut (Rc<Line>, Admission)) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        admission.poll(line, &mut cx).is_ready()
    }

    fn went_on((line, admission): &mut (Rc<Line>, Admission)) {
        admission.went_on(line, &mut Context::from_waker(Waker::noop()));
    }

    async fn crowd(entrance: &Entrance, count: usize) -> Vec<(Rc<Line>, Admission)> {
        let mut crowd = Vec::new();
        for _ in 0..count {
            crowd.push(ready(entrance).await);
        }
        crowd
    }

    /// As many handshakes as are carried out at a time.
    async fn handshakes(entrance: &Entrance) -> Vec<(Rc<Line>, Admission)> {
        let mut begun = crowd(entrance, AT_ONCE).await;
        for connection in &mut begun {
            assert!(may_go_on(connection));
            connection.0.set_handshake(true);
            went_on(connection);
        }
        begun
    }

    #[actix_web::test]
    async fn so_many_handshakes_are_carried_out_at_a_time() {
        let entrance = Entrance::new();
        let mut first = handshakes(&entrance).await;
        let mut next = ready(&entrance).await;
        assert!(!may_go_on(&mut next));
        first[0].0.set_handshake(false);
        assert!(!may_go_on(&mut next));
        went_on(&mut first[0]);
        assert!(may_go_on(&mut next));
    }

    #[actix_web::test]
    async fn a_slow_handshake_keeps_nobody_waiting_for_long() {
        let entrance = Entrance::new();
        let mut first = handshakes(&entrance).await;
        let (line, mut admission) = ready(&entrance).await;
        poll_fn(|cx| {
            for (line, admission) in &mut first {
                admission.went_on(line, cx);
            }
            admission.poll(&line, cx)
        })
        .await;
    }

    #[actix_web::test]
    async fn silent_clients_and_other_requests_keep_nobody_waiting() {
        let entrance = Entrance::new();
        let mut silent = Vec::new();
        for _ in 0..=AT_ONCE {
            let (line, admission, client) = connected(&entrance).await;
            let mut connection = (line, admission);
            assert!(may_go_on(&mut connection));
            went_on(&mut connection);
            silent.push((connection, client));
        }
        for mut connection in crowd(&entrance, AT_ONCE + 1).await {
            assert!(may_go_on(&mut connection));
            went_on(&mut connection);
        }
        assert_eq!(entrance.0.available_permits(), AT_ONCE);
    }
}
