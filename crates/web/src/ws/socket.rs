//! One socket, from its handshake to its end. A single task owns it.

use std::rc::Rc;
use std::time::Duration;

use ::socketio::frames::Fault;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, MessageStream, ProtocolError};
use application::{Caller, Error};
use domain::Refusal;
use protocol::limits::{AUTH_SECONDS, FRAME_BYTES, HEARTBEAT_SECONDS};
use protocol::realtime::{CloseCode, Command, FrameError, ServerFrame, read_frame};
use tokio::time::{Instant, timeout};

use super::conversation::{Conversation, End};
use super::pipe::Pipe;
use super::session::Session;
use crate::live::{Rate, Verdict, Worker, wire};
use crate::translate::to_wire;

/// How long a client has to answer a close. If the connection ended at once, the client might lose the
/// last frames.
const LINGER: Duration = Duration::from_secs(2);

/// One socket.
pub(super) struct Socket {
    worker: Rc<Worker>,
    pipe: Rc<Pipe>,
    known: Option<Rc<Session>>,
}

/// Admits a client with this token, and greets it.
pub(super) async fn admit(
    worker: &Rc<Worker>,
    pipe: &Pipe,
    token: &str,
) -> Result<Rc<Session>, Error> {
    let use_cases = &worker.sockets.use_cases;
    let epoch = use_cases.feed.epoch().await?;
    let (connection, believed) = worker.admit(token).await?.stays();
    pipe.join(Rc::clone(&connection));
    let session = Session::new(worker, &connection, &believed);
    let Caller { user, session: of } = believed.caller;
    session.send(&ServerFrame::Ready {
        user_id: user.as_uuid(),
        session_id: of.as_uuid(),
        connection_id: connection.id().as_uuid(),
        epoch: epoch.as_str().to_owned(),
        heartbeat: HEARTBEAT_SECONDS,
        server_time: to_wire(worker.sockets.clock.now()),
    });
    Ok(session)
}

impl Socket {
    pub(super) const fn new(
        worker: Rc<Worker>,
        pipe: Rc<Pipe>,
        known: Option<Rc<Session>>,
    ) -> Self {
        Self {
            worker,
            pipe,
            known,
        }
    }

    /// Serves the client until either side ends it.
    pub(super) async fn serve(mut self, stream: MessageStream) {
        let mut stream = stream
            .max_frame_size(FRAME_BYTES)
            .aggregate_continuations()
            .max_continuation_size(FRAME_BYTES);
        let mut rate = Rate::new(self.worker.frames);
        let session = match self.known.take() {
            Some(session) => session,
            None => match self.greet(&mut stream, &mut rate).await {
                Ok(session) => session,
                Err(end) => {
                    if let End::Closed(code) = end {
                        self.pipe.send_last(wire::close(code));
                        linger(&mut stream).await;
                    }
                    return self.pipe.close();
                }
            },
        };
        let mut conversation = Conversation::new(Rc::clone(&session), rate);
        let end = conversation.run(&mut stream).await;
        conversation.finish(end, &mut stream).await;
    }

    /// Waits for the client to authenticate.
    async fn greet(
        &self,
        stream: &mut AggregatedMessageStream,
        rate: &mut Rate,
    ) -> Result<Rc<Session>, End> {
        let patience = Duration::from_secs(AUTH_SECONDS);
        let token = timeout(patience, self.first_token(stream, rate)).await;
        let token = token.unwrap_or(Err(End::Closed(CloseCode::Unauthenticated)))?;
        match admit(&self.worker, &self.pipe, &token).await {
            Ok(session) => Ok(session),
            Err(Error::Refused(Refusal::TooMany(_))) => {
                Err(End::Closed(CloseCode::TooManyConnections))
            }
            Err(Error::Refused(_)) => Err(End::Closed(CloseCode::Unauthenticated)),
            Err(Error::Limited(_)) => Err(End::Closed(CloseCode::TooManyFrames)),
            Err(Error::Failed(failure)) => {
                tracing::warn!(error = %failure.chain(), "could not authenticate a connection; it is closed");
                Err(End::Closed(CloseCode::Shutdown))
            }
        }
    }

    async fn first_token(
        &self,
        stream: &mut AggregatedMessageStream,
        rate: &mut Rate,
    ) -> Result<String, End> {
        loop {
            match stream.recv().await {
                Some(Ok(AggregatedMessage::Text(text))) => {
                    return token_in(&text).map_err(End::Closed);
                }
                Some(Ok(AggregatedMessage::Binary(_))) => {
                    return Err(End::Closed(CloseCode::Breach));
                }
                Some(Ok(AggregatedMessage::Ping(payload))) => match rate.count(Instant::now()) {
                    Verdict::Fine => self.pipe.send(wire::pong(&payload)),
                    Verdict::Over(_) => (),
                    Verdict::Flood => return Err(End::Closed(CloseCode::TooManyFrames)),
                },
                Some(Ok(AggregatedMessage::Pong(_))) => (),
                Some(Ok(AggregatedMessage::Close(_))) | None => return Err(End::Gone),
                Some(Err(error)) => return Err(end_of(&error)),
            }
        }
    }
}

/// The token in the first frame, which must be an `auth` command.
fn token_in(text: &str) -> Result<String, CloseCode> {
    match read_frame(text) {
        Ok(frame) => {
            if let Command::Auth { token } = frame.command {
                Ok(token.into_revealed())
            } else {
                Err(CloseCode::Unauthenticated)
            }
        }
        Err(FrameError::Breach) => Err(CloseCode::Breach),
        Err(FrameError::Invalid { .. }) => Err(CloseCode::Unauthenticated),
    }
}

/// Waits a moment for the client to close as well.
pub(super) async fn linger(stream: &mut AggregatedMessageStream) {
    let closed = async {
        loop {
            match stream.recv().await {
                Some(Ok(AggregatedMessage::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => (),
            }
        }
    };
    // A client that does not answer has had its time.
    drop(timeout(LINGER, closed).await);
}

/// How a socket ends on which something arrived that is not a frame.
pub(super) fn end_of(error: &ProtocolError) -> End {
    match Fault::of(error) {
        Fault::Gone => End::Gone,
        Fault::TooLong => End::Closed(CloseCode::TooLong),
        Fault::Malformed => End::Closed(CloseCode::Breach),
    }
}
