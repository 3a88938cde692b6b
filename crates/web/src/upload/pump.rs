//! Streams a file from its connection to the use case that stores it.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use bytes::Bytes;
use domain::port::blobs::ByteStream;
use domain::{Failure, FileName};
use futures::future::{Either, join, select};
use futures::{Stream, StreamExt as _, stream};
use protocol::{ErrorCode, FieldCode, FieldError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, timeout, timeout_at};

use super::form::{Broken, Form, boundary};
use crate::error::ApiError;

/// How many chunks are queued. Beyond that, backpressure keeps the rest in the connection.
const WAITING: usize = 4;
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a whole upload may take, even at the slowest.
const PATIENCE: Duration = Duration::from_hours(1);
/// How much of a refused upload is read and discarded. Responding while the client is still sending
/// would reset the connection before it could read the reason.
const DROPPED: usize = 64 << 20;

/// An upload that is being received.
pub(crate) struct Incoming {
    /// The file name that the client gave.
    pub(crate) file_name: FileName,
    /// The content. It ends without an error only if the whole form was well-formed.
    pub(crate) bytes: ByteStream,
}

/// Refuses an upload after reading what the client sends.
pub(crate) async fn turned_away(payload: Payload, error: ApiError) -> ApiError {
    drain(&mut Form::new(in_time(payload), "")).await;
    error
}

/// The body of a request, with its timeouts applied.
type Pieces = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// Passes the one file of a form to `take`, and returns its outcome or the error in the form, whichever
/// is known first.
pub(crate) async fn taken_in<T, F>(
    request: &HttpRequest,
    payload: Payload,
    take: impl FnOnce(Incoming) -> F,
) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, ApiError>>,
{
    let fence = match fence(request) {
        Ok(fence) => fence,
        Err(other) => return Err(turned_away(payload, other).await),
    };
    let mut form = Form::new(in_time(payload), &fence);
    let file_name = match first_file(&mut form).await {
        Ok(name) => name,
        Err(wrong) => {
            drain(&mut form).await;
            return Err(wrong);
        }
    };
    let (sender, receiver) = channel(WAITING);
    let incoming = Incoming {
        file_name,
        bytes: stream(receiver),
    };
    let outcome = {
        let pumping = std::pin::pin!(pump(&mut form, sender));
        let taking = std::pin::pin!(take(incoming));
        match select(pumping, taking).await {
            Either::Left((Ok(()), taking)) => taking.await,
            // The use case is sent the error. Both are polled together, because sending it may
            // have to wait for the use case to make room. If that has already ended by itself,
            // nobody receives it.
            Either::Left((Err((wrong, sender)), taking)) => {
                let broken = Failure::passing("request", "be taken in", wrong.to_string());
                drop(join(tell(sender, broken), taking).await);
                Err(wrong)
            }
            Either::Right((outcome, _)) => outcome,
        }
    };
    if outcome.is_err() {
        drain(&mut form).await;
    }
    outcome
}

fn fence(request: &HttpRequest) -> Result<String, ApiError> {
    let told = |name| request.headers().get(name)?.to_str().ok();
    let plain = told(CONTENT_ENCODING).is_none_or(|encoding| encoding.trim() == "identity");
    let found = told(CONTENT_TYPE).and_then(boundary);
    found.filter(|_| plain).ok_or_else(|| {
        let detail = "send the file in a form, as multipart/form-data";
        ApiError::new(ErrorCode::UnsupportedMediaType, detail)
    })
}

fn in_time(payload: Payload) -> Pieces {
    let end = Instant::now() + PATIENCE;
    stream::unfold(payload, move |mut payload| async move {
        let soon = timeout(SILENCE, payload.next());
        let piece = match timeout_at(end, soon).await {
            Ok(Ok(piece)) => piece?,
            Ok(Err(_)) | Err(_) => Err(PayloadError::Incomplete(None)),
        };
        Some((piece, payload))
    })
    .fuse()
    .boxed_local()
}

async fn first_file(form: &mut Form<Pieces>) -> Result<FileName, ApiError> {
    while let Some(part) = form.next_part().await? {
        if let Some(name) = part.file_name {
            // A file with no name or an unusable one gets a default.
            let named = FileName::clip(name).or_else(|_odd| FileName::parse("file"));
            return named.map_err(|_never| missing());
        }
    }
    Err(missing())
}

async fn tell(sender: Sender<Result<Bytes, Failure>>, broken: Failure) {
    drop(sender.send(Err(broken)).await);
}

/// Forwards the file, and checks the rest of the form. On an error the sender is returned, so that
/// the stream does not end before the caller has sent the error through it.
async fn pump(
    form: &mut Form<Pieces>,
    sender: Sender<Result<Bytes, Failure>>,
) -> Result<(), (ApiError, Sender<Result<Bytes, Failure>>)> {
    match all_of(form, &sender).await {
        Ok(()) => Ok(()),
        Err(wrong) => Err((wrong, sender)),
    }
}

async fn all_of(
    form: &mut Form<Pieces>,
    sender: &Sender<Result<Bytes, Failure>>,
) -> Result<(), ApiError> {
    while let Some(piece) = form.next_piece().await? {
        if sender.send(Ok(piece)).await.is_err() {
            // The use case has ended; `select` picks up its outcome.
            std::future::pending::<()>().await;
        }
    }
    while let Some(part) = form.next_part().await? {
        if part.file_name.is_some() {
            let many = FieldError::new("file", FieldCode::TooMany, "must be one file");
            return Err(unacceptable(many));
        }
    }
    Ok(())
}

async fn drain(form: &mut Form<Pieces>) {
    let mut dropped = 0_usize;
    while let Ok(Some(piece)) = form.rest().await {
        dropped = dropped.saturating_add(piece.len());
        if dropped > DROPPED {
            break;
        }
    }
}

fn stream(receiver: Receiver<Result<Bytes, Failure>>) -> ByteStream {
    stream::unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    })
    .fuse()
    .boxed()
}

fn missing() -> ApiError {
    unacceptable(FieldError::new("file", FieldCode::Required, "is required"))
}

fn unacceptable(field: FieldError) -> ApiError {
    ApiError::new(ErrorCode::Invalid, "some fields are not acceptable").about(vec![field])
}

impl From<Broken> for ApiError {
    fn from(broken: Broken) -> Self {
        let detail = match broken {
            Broken::CutShort => "the body ended before it was complete",
            Broken::Malformed(detail) => detail,
        };
        Self::new(ErrorCode::Malformed, detail)
    }
}
