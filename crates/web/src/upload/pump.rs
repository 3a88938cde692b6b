//! Carrying a file from its connection to whoever stores it.

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

/// Pieces on their way. More wait in the connection.
const WAITING: usize = 4;
/// How long a sender may send nothing.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a whole file may take, at the very slowest: an hour.
const PATIENCE: Duration = Duration::from_hours(1);
/// How much is taken in and dropped of a file that nobody wants. Answering while its sender still sends
/// would break the connection, and they would never read why.
const DROPPED: usize = 64 << 20;

/// A file that comes in.
pub(crate) struct Incoming {
    /// What its sender calls it.
    pub(crate) file_name: FileName,
    /// What is in it. It ends well only if all of the form was as it should be.
    pub(crate) bytes: ByteStream,
}

/// Says no to somebody who sends a file, once they have sent it.
pub(crate) async fn turned_away(payload: Payload, error: ApiError) -> ApiError {
    drain(&mut Form::new(in_time(payload), "")).await;
    error
}

/// The stream of a request's body that keeps its own time.
type Pieces = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// Has the one file of a form taken in, and answers with what became of it, or with what is wrong with
/// the form, whichever was known first.
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
            // Whoever takes it in hears that it is broken, and both go on together: the one waits for
            // the other to make room. It may have ended for a reason of its own; then nobody listens.
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
            // A file without a name is called something, and one with an odd name too.
            let named = FileName::clip(name).or_else(|_odd| FileName::parse("file"));
            return named.map_err(|_never| missing());
        }
    }
    Err(missing())
}

async fn tell(sender: Sender<Result<Bytes, Failure>>, broken: Failure) {
    drop(sender.send(Err(broken)).await);
}

/// Hands on the file, and looks through the rest of the form. Only if all of it is as it should be the
/// stream ends; otherwise whoever hands it on has still to say what is wrong.
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
            // Whoever took it in has an answer already.
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
