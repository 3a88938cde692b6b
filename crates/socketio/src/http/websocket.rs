//! WebSocket connections, which open a session or take one over from polling.

use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError};
use engineioxide_core::Str;
use tokio::time::timeout;

use super::body::Body;
use super::line::{Carried, Line};
use super::refusal::Refusal;
use super::{request, route};
use crate::engine::{Claim, Home, Session, Transport, Worker};
use crate::frames::{Fault, bounded};
use crate::reason::Reason;
use crate::wire;

/// A WebSocket's two ends.
struct Ends {
    response: HttpResponse,
    line: Rc<Line>,
    stream: AggregatedMessageStream,
}

/// Opens a session.
pub(super) fn open(
    request: &HttpRequest,
    payload: web::Payload,
    worker: &Rc<Worker>,
) -> Result<HttpResponse, Refusal> {
    let Ends {
        mut response,
        line,
        stream,
    } = shake_hands(request, payload, worker)?;
    let opening = request::opening(request, Transport::WebSocket);
    let home = Home::open(worker, opening).ok_or(Refusal::Overloaded)?;
    let session = Arc::clone(&home.session);
    route::mark(&mut response, &session);
    line.carry(Carried::Here(home));
    let reading = read(session, line, stream);
    rt::spawn(worker.shared.tasks.track_future(reading));
    Ok(response)
}

/// Takes over a session, once the WebSocket was probed.
pub(super) fn upgrade(
    request: &HttpRequest,
    payload: web::Payload,
    worker: &Rc<Worker>,
    session: &Arc<Session>,
) -> Result<HttpResponse, Refusal> {
    match session.claim_upgrade() {
        Claim::Granted => (),
        Claim::Taken | Claim::Elsewhere => return Err(Refusal::BadRequest),
        Claim::Gone => return Err(Refusal::UnknownSession),
    }
    let probing = Probing(Arc::clone(session));
    let Ends {
        response,
        line,
        mut stream,
    } = shake_hands(request, payload, worker)?;
    let worker = Rc::clone(worker);
    let tasks = worker.shared.tasks.clone();
    rt::spawn(tasks.track_future(async move {
        let session = Arc::clone(&probing.0);
        let patience = session.shared.options.upgrade_timeout;
        let probed = tokio::select! {
            biased;
            // The client may have to learn of the end by this WebSocket, if it no longer polls.
            () = session.settled() => false,
            probed = timeout(patience, probe(&session, &line, &mut stream)) => probed.unwrap_or(false),
        };
        if !probed {
            tracing::debug!(sid = %session.sid, "a websocket did not complete the upgrade");
            return line.hang_up();
        }
        session.upgrade();
        line.carry(match worker.home(session.sid) {
            Some(home) => Carried::Here(home),
            None => Carried::There(Arc::clone(&session)),
        });
        tracing::debug!(sid = %session.sid, "a websocket has taken over");
        drop(probing);
        read(session, line, stream).await;
    }));
    Ok(response)
}

fn shake_hands(
    request: &HttpRequest,
    payload: web::Payload,
    worker: &Worker,
) -> Result<Ends, Refusal> {
    let most = worker.shared.options.max_payload;
    let shaken = bounded(request, payload, most).and_then(|sent| actix_ws::handle(request, sent));
    let (response, _, stream) = shaken.ok().ok_or(Refusal::BadRequest)?;
    let line = Rc::new(Line::default());
    let body = |_: &mut _, reading| BoxBody::new(Body::new(Rc::clone(&line), reading));
    Ok(Ends {
        response: response.map_body(body),
        stream: stream
            .max_frame_size(most)
            .aggregate_continuations()
            .max_continuation_size(most),
        line,
    })
}

/// Waits for the client to probe the WebSocket and then to switch to it. Returns whether it did.
async fn probe(session: &Session, line: &Line, stream: &mut AggregatedMessageStream) -> bool {
    let mut probed = false;
    while let Some(Ok(message)) = stream.recv().await {
        match message {
            AggregatedMessage::Text(text) if text == "2probe" => {
                probed = true;
                line.send(wire::text("3probe"));
                session.probed();
            }
            AggregatedMessage::Text(text) if text == "5" => return probed,
            AggregatedMessage::Ping(payload) => line.send(wire::pong(&payload)),
            AggregatedMessage::Pong(_) => (),
            AggregatedMessage::Text(_)
            | AggregatedMessage::Binary(_)
            | AggregatedMessage::Close(_) => return false,
        }
    }
    false
}

/// While this lives, a WebSocket is trying to take over the session.
struct Probing(Arc<Session>);

impl Drop for Probing {
    fn drop(&mut self) {
        self.0.stay();
    }
}

/// Reads what the client sends until either side ends the session.
async fn read(session: Arc<Session>, line: Rc<Line>, mut stream: AggregatedMessageStream) {
    let ended = tokio::select! {
        biased;
        () = session.over() => None,
        reason = take_all(&session, &line, &mut stream) => Some(reason),
    };
    if let Some(reason) = ended {
        session.close(reason);
    }
    if matches!(ended, None | Some(Reason::ParseError)) {
        // The queue is written first, and the client has a moment to close as well: one that is cut off
        // at once may lose the last frames.
        let closed = async { while let Some(Ok(_)) = stream.recv().await {} };
        drop(timeout(session.shared.options.linger, closed).await);
    }
    line.hang_up();
}

async fn take_all(
    session: &Arc<Session>,
    line: &Line,
    stream: &mut AggregatedMessageStream,
) -> Reason {
    loop {
        let taken = match stream.recv().await {
            Some(Ok(AggregatedMessage::Text(text))) => {
                session.take_text(Str::copy_from_slice(&text)).await
            }
            Some(Ok(AggregatedMessage::Binary(bytes))) => session.take_binary(bytes).await,
            Some(Ok(AggregatedMessage::Ping(payload))) => {
                line.send(wire::pong(&payload));
                Ok(())
            }
            Some(Ok(AggregatedMessage::Pong(payload))) => {
                session.answered(&payload);
                Ok(())
            }
            Some(Ok(AggregatedMessage::Close(_))) | None => Err(Reason::TransportClose),
            Some(Err(error)) => Err(broken(session, &error)),
        };
        if let Err(reason) = taken {
            return reason;
        }
    }
}

/// A lost connection is nobody's mistake; an invalid frame is the client's.
fn broken(session: &Session, error: &ProtocolError) -> Reason {
    tracing::debug!(sid = %session.sid, %error, "a websocket broke");
    match Fault::of(error) {
        Fault::Gone => Reason::TransportClose,
        Fault::TooLong | Fault::Malformed => Reason::TransportError,
    }
}
